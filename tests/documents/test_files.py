from pathlib import Path

from govern.documents.files import digest, read_yaml_files


def test_reads_what_is_below_the_directory_in_order(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "b" / "x.yaml").write_text("x: 1\n")
    (tmp_path / "a.yml").write_text("\ufeffa: 1\n")
    (tmp_path / ".git" / "c.yaml").write_text("c: 1\n")
    (tmp_path / "read.me").write_text("no")
    (tmp_path / "latin.yaml").write_bytes(b"a: \xe9\n")
    files = read_yaml_files(tmp_path)
    assert list(files.texts.items()) == [("a.yml", "a: 1\n"), ("b/x.yaml", "x: 1\n")]
    (problem,) = files.problems
    assert problem.code == "E100"
    assert problem.place.path.endswith("latin.yaml")


def test_no_directory(tmp_path: Path) -> None:
    (problem,) = read_yaml_files(tmp_path / "none").problems
    assert problem.code == "E100"


def test_the_digest_names_the_content_whatever_the_order() -> None:
    one = digest({"a": "1", "b": "é"})
    assert one == digest({"b": "é", "a": "1"})
    assert one != digest({"a": "1b", "b": "é"})
    assert one.startswith("sha256:")
