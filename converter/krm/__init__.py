"""A conversion as a KRM function: a ``ResourceList`` in, the same with Gateway API objects out.

The specification is kustomize's ``cmd/config/docs/api-conventions/functions-spec.md``.
"""
