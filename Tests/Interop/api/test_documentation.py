"""The examples in docs/ do what they say."""

import re

from punosapi.installation import ROOT


def test_the_python_example_of_the_api_guide_runs(punos, stubs, capsys):
    text = (ROOT / "docs" / "api.md").read_text()
    example = re.search(r"```python\n(.*?)```", text, re.S).group(1)
    certificate, key = punos.certificate(tenant=punos.new_tenant())
    exec(compile(example, "docs/api.md", "exec"), {
        "CA_FILE": punos.data / "pki" / "ca.pem", "CERTIFICATE_FILE": certificate, "KEY_FILE": key,
        "ENDPOINT": punos.target})
    printed = capsys.readouterr().out
    assert "account.display_name" in printed and "account.identifiers[0].value" in printed
