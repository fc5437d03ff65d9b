"""The help of `port`."""


def test_what_measures_the_command_stands_last(cocci_gen_says):
    """A newcomer would look for his way between --replay, --set and --sample."""
    code, text, _ = cocci_gen_says("port", "--help")
    usual, _, measuring = text.partition("\nTo measure the command itself:\n")

    assert 0 == code
    assert all(f"  {one} " in usual for one in ("--kernel", "--module", "--keep-old"))
    for one in ("--replay", "--set", "--method", "--examples", "--most-lines", "--sample", "--together"):
        assert f"  {one} " in measuring
        assert f"  {one} " not in usual


def test_its_exit_codes_are_told(cocci_gen_says):
    """1 is no failure here, which a script has to know."""
    assert "Exit codes: 0 nothing to do, 1 something changed" in " ".join(cocci_gen_says("port", "--help")[1].split())
