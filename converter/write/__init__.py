"""Where results go: YAML text, files and directories, each written whole or not at all."""

from converter.write.directory import HEADER, OutputFile, OutputRefused, write_directory
from converter.write.file import write_file
from converter.write.layout import layout
from converter.write.stream import write_stream
from converter.write.yaml import dump

__all__ = ["HEADER", "OutputFile", "OutputRefused", "dump", "layout", "write_directory", "write_file", "write_stream"]
