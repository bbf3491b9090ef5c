"""Small GitOps repositories by chance: whatever people do to manifests and kustomizations, a little of it each time."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml
from manifests import ingress, path, rule, service, tls

if TYPE_CHECKING:
    from random import Random

Json = dict[str, Any]
HOSTS = ("shop.example.com", "shop.example.com", "*.example.com", "", "api.example.com")
CLASSES: tuple[Json, ...] = (*[{}] * 6, {"ingressClassName": "traefik"}, {"ingressClassName": None})
ANNOTATIONS: dict[str, tuple[str, ...]] = {
    "rewrite-target": ("/new",),
    "permanent-redirect": ("https://example.org/",),
    "limit-rps": ("5",),
    "enable-cors": ("true",),
    "proxy-body-size": ("8m",),
    "auth-tls-secret": ("team-a/clients",),
    "app-root": ("/start",),
    "server-snippet": ("return 418;",),
}
COMMENTS = ("# Ask the platform team first.", "  # indented, and nobody knows why", "#", "")


def any_repository(random: Random) -> dict[str, bytes]:
    """Files by their path."""
    maker = _Maker(random)
    for number in range(random.choice((0, 1, 1, 2))):
        maker.plain(f"plain/web-{number}{random.choice(('.yaml', '.yml', '.yaml', '.json'))}")
    for name in ("one", "two")[: random.randint(1, 2)]:
        maker.application(f"apps/{name}")
    return maker.files


@dataclass
class _Maker:
    random: Random
    files: dict[str, bytes] = field(default_factory=dict)
    names: int = 0

    def maybe(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def plain(self, file: str) -> None:
        """A file that no kustomization lists; its objects say where they belong."""
        objects = [self.any_object(namespaced=True) for _ in range(self.random.randint(1, 4))]
        self.files[file] = self.stream(objects, file)

    def application(self, folder: str) -> None:
        """One kustomization, or a base with overlays, which may stand on one another."""
        if self.maybe(40):
            self.kustomization(folder, self.manifests(folder), self.transformers(folder))
            return
        base = self.manifests(f"{folder}/base")
        self.kustomization(f"{folder}/base", base, self.transformers(f"{folder}/base") if self.maybe(30) else {})
        below = "../base"
        for name in ("staging", "prod", "edge")[: self.random.choice((1, 2, 2, 3))]:
            overlay = f"{folder}/{name}"
            own = self.manifests(overlay) if self.maybe(40) else {}
            self.kustomization(overlay, own, {**self.transformers(overlay), **self.patches(overlay, base)}, below)
            below = f"../{name}" if self.maybe(20) else "../base"

    def manifests(self, folder: str) -> dict[str, list[Json]]:
        """Manifests of a folder by file."""
        names = self.random.sample(
            ("ingress.yaml", "all.yaml", "web.yml", "Web App.yaml", "more/extra.yaml"), self.random.randint(1, 2)
        )
        found = {}
        for name in names:
            found[name] = [self.any_object(namespaced=self.maybe(30)) for _ in range(self.random.randint(1, 3))]
            self.files[f"{folder}/{name}"] = self.stream(found[name], name, kustomized=True)
        return found

    def any_object(self, *, namespaced: bool) -> Json:
        space = {"namespace": self.random.choice(("team-a", "team-b"))} if namespaced else {}
        if self.maybe(20):
            self.names += 1
            found = service(f"web-{self.names}", {"port": 80})
            found["metadata"].update(space)
            return found
        return self.any_ingress(space)

    def any_ingress(self, space: Json) -> Json:
        random = self.random
        self.names += 0 if self.names and self.maybe(15) else 1
        annotations = {
            key: random.choice(ANNOTATIONS[key]) for key in random.sample(sorted(ANNOTATIONS), random.choice((0, 0, 1)))
        }
        if self.maybe(10):
            annotations |= {"canary": "true", "canary-weight": "30"}
        paths = [path(random.choice(("/", "/a", "/b")), random.choice(("web", "api"))) for _ in range(2)]
        rules = [rule(random.choice(HOSTS), *paths[: random.randint(1, 2)]) for _ in range(random.randint(1, 2))]
        parts: Json = {**space, **random.choice(CLASSES), "annotations": annotations}
        if self.maybe(25):
            parts["tls"] = [tls("shop.example.com", secret=random.choice(("one", "two")))]
        return ingress(f"web-{self.names}", *rules, **parts)

    def stream(self, objects: list[Json], file: str, *, kustomized: bool = False) -> bytes:
        """Several objects as somebody may have written them."""
        if file.endswith(".json"):
            return json.dumps(objects[0], indent=2).encode()
        if self.maybe(8):
            objects = [{"apiVersion": "v1", "kind": "List", "items": objects}]
        texts = [self.commented(yaml.dump(each, Dumper=self.dumper(), sort_keys=False)) for each in objects]
        gap = self.random.choice(("---\n", "---\n", "\n---\n# next\n", "--- # next\n", "---\n---\n"))
        text = self.random.choice(("", "", "---\n", "# Ours.\n---\n", "# Ours.\n")) + gap.join(texts)
        text += self.random.choice(("", "", "---\n", "\n\n", "# The end.\n", "...\n"))
        return self.encoded(text, marked=not kustomized)

    def encoded(self, text: str, *, marked: bool) -> bytes:
        if self.maybe(15):
            text = text.rstrip("\n")
        if self.maybe(20):
            text = text.replace("\n", "\r\n")
        return (b"\xef\xbb\xbf" if marked and self.maybe(10) else b"") + text.encode()

    def dumper(self) -> type[yaml.SafeDumper]:
        return self.random.choice((yaml.SafeDumper, _Indented))

    def commented(self, text: str) -> str:
        lines = text.splitlines()
        if self.maybe(30):
            lines.insert(self.random.randrange(len(lines) + 1), self.random.choice(COMMENTS))
        return "".join(f"{line}\n" for line in lines)

    def transformers(self, folder: str) -> Json:
        """What a kustomization does to all that it takes in."""
        found: Json = {}
        if self.maybe(50):
            found["namespace"] = self.random.choice(("team-a", "team-b", folder.rpartition("/")[2]))
        if self.maybe(20):
            found["namePrefix"] = f"{folder.rpartition('/')[2]}-"
        if self.maybe(20):
            found["labels"] = [{"pairs": {"part-of": "shop"}, "includeSelectors": self.maybe(50)}]
        if self.maybe(10):
            found["commonAnnotations"] = {"owner": "team-a"}
        return found

    def patches(self, folder: str, base: dict[str, list[Json]]) -> Json:
        """Patches on one of the Ingresses of the base, in one of the ways to write them."""
        ingresses = [each for objects in base.values() for each in objects if each["kind"] == "Ingress"]
        if not ingresses or self.maybe(40):
            return {}
        which = self.random.choice(ingresses)
        name = which["metadata"]["name"]
        merge = {key: which[key] for key in ("apiVersion", "kind", "metadata")}
        if rules := which["spec"].get("rules"):
            merge["spec"] = {"rules": [{**rules[0], "host": "patched.example.com"}]}
        replace = yaml.safe_dump([{"op": "replace", "path": "/spec/rules/0/host", "value": "patched.example.com"}])
        replace = self.random.choice((replace, replace.replace("replace", "add")))
        target = {"kind": "Ingress", **self.random.choice(({"name": name}, {"name": name}, {}))}
        way = self.random.randrange(6)
        if way in (1, 3, 5):
            text = replace if way == 3 else yaml.safe_dump(merge)
            self.files[f"{folder}/patch.yaml"] = self.encoded(text, marked=False)
        if way == 4:
            return self.component(folder, {"patches": [{"target": target, "patch": replace}]})
        ways: tuple[Json, ...] = (
            {"patches": [{"patch": yaml.safe_dump(merge)}]},
            {"patches": [{"path": "patch.yaml"}]},
            {"patches": [{"target": target, "patch": replace}]},
            {"patches": [{"target": target, "path": "patch.yaml"}]},
            {},
            {"patchesStrategicMerge": ["patch.yaml"]},
        )
        return ways[way]

    def component(self, folder: str, fields: Json) -> Json:
        body = {"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", **fields}
        if self.maybe(50):
            extra = self.any_ingress({})
            self.files[f"{folder}/part/extra.yaml"] = self.stream([extra], "extra.yaml", kustomized=True)
            body["resources"] = ["extra.yaml"]
        self.files[f"{folder}/part/kustomization.yaml"] = yaml.safe_dump(body, sort_keys=False).encode()
        return {"components": ["part"]}

    def kustomization(self, folder: str, manifests: dict[str, list[Json]], fields: Json, base: str = "") -> None:
        """The list of resources is written by hand, as people do; the rest as it comes."""
        names = [*manifests]
        self.random.shuffle(names)
        parts = []
        if base and self.maybe(15):
            parts.append(f"bases:\n- {base}\n")
        elif base:
            names.insert(self.random.randint(0, len(names)), base)
        if names:
            parts.append(self.resources(names))
        if fields:
            parts.append(yaml.dump(fields, Dumper=self.dumper(), sort_keys=False))
        if self.maybe(40):
            parts.append("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n")
        self.random.shuffle(parts)
        text = self.random.choice(("", "", "---\n", "# By hand.\n", "\n")) + "".join(parts)
        file = "kustomization.yml" if self.maybe(15) else "kustomization.yaml"
        self.files[f"{folder}/{file}"] = self.encoded(text, marked=False)

    def resources(self, names: list[str]) -> str:
        quote = self.random.choice(("{}", "{}", '"{}"', "'{}'"))
        items = [quote.format(self.random.choice(("", "", "", "./")) + name) for name in names]
        if self.maybe(25):
            gap, end = self.random.choice(((", ", ""), (",\n  ", ""), (", ", ","), (",", " ")))
            return f"resources: [{gap.join(items)}{end}]{self.random.choice(('', '  # all'))}\n"
        lead = self.random.choice(("- ", "  - ", "-   "))
        anchor = self.random.choice(("", "", "", " &all", "  # all of them", "\n# one by one"))
        lines = [f"{lead}{item}{self.random.choice(('', '', '  # as before'))}" for item in items]
        if self.maybe(20):
            lines.insert(self.random.randrange(len(lines) + 1), self.random.choice(COMMENTS))
        return f"resources:{anchor}\n" + "".join(f"{line}\n" for line in lines) + self.random.choice(("", "", "\n"))


class _Indented(yaml.SafeDumper):
    """Lists stand further to the right than their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)
