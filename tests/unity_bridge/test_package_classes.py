"""The package's tables of classes and colours."""

from unity_bridge import package_classes


def test_the_tables_are_those_of_envs():
    written = package_classes.TARGET.read_text(encoding="utf-8")
    assert written == package_classes.make_csharp(), "run python -m unity_bridge.package_classes"
