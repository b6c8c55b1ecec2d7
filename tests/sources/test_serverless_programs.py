"""Services of the Serverless Framework that are written as programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from appsync_lint.api import Mode
from appsync_lint.errors import InputError
from appsync_lint.sources import read_file

SERVICE = "{ service: 's', custom: { stage: 'dev' }, appSync: { name: 'a-${self:custom.stage}', schema: 's.graphql', authentication: { type: 'AWS_IAM' } } }"


def write(folder: Path, name: str, text: str) -> Path:
    (folder / ".git").mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("serverless.ts", f"import type {{ AWS }} from '@serverless/typescript'; const s: AWS = {SERVICE}; module.exports = s;"),
        ("serverless.ts", f"export default {SERVICE} as const;"),
        ("serverless.js", f"module.exports = {SERVICE};"),
        ("serverless.js", f"module.exports = async () => {{ const s = {SERVICE}; return s; }};"),
        ("serverless.mjs", f"export default {SERVICE};"),
    ],
)  # fmt: skip
def test_service_that_is_exported_is_read(name: str, text: str, tmp_path: Path) -> None:
    found = read_file(write(tmp_path, name, text))
    (api,) = found.apis
    assert found.kind == "serverless"
    assert (api.name, api.default.mode) == ("a-dev", Mode.AWS_IAM)
    assert [(file.path, file.base) for file in api.schema_files] == [("s.graphql", str(tmp_path))]


def test_configuration_that_is_imported_is_followed(tmp_path: Path) -> None:
    write(
        tmp_path,
        "appsync.ts",
        "export const modes = [{ type: 'API_KEY' }]; export default { name: 'a', schema: 's.graphql' };",
    )
    text = """
import base, { modes } from './appsync';
module.exports = { service: 's', appSync: { ...base, authentication: { type: 'AWS_IAM' },
  additionalAuthentications: [...modes, ...(process.env.DEV ? [{ type: 'AWS_LAMBDA', config: { functionArn: 'f' } }] : [])] } };"""
    (api,) = read_file(write(tmp_path, "serverless.ts", text)).apis
    assert [item.mode for item in api.additional] == [Mode.API_KEY]
    assert api.additional_open is not None
    assert api.additional_open.candidates == ("AWS_LAMBDA",)


def test_service_without_appsync_is_left_alone(tmp_path: Path) -> None:
    found = read_file(write(tmp_path, "serverless.ts", "module.exports = { service: 's', functions: {} "))
    assert found.apis == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("module.exports = { appSync: ", "cannot be parsed: line 1"),
        ("const appSync = 1;", "exports no service"),
        ("module.exports = build({ appSync: {} });", "the service that is exported is not literal"),
        ("module.exports = 'appSync';", "the service that is exported is not literal"),
    ],
)
def test_service_that_cannot_be_read_gives_one_line(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said) as raised:
        read_file(write(tmp_path, "serverless.js", text))
    assert "\n" not in str(raised.value)
