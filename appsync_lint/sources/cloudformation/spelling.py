"""How CloudFormation, SAM and the templates that CDK writes spell an API."""

from __future__ import annotations

from ...api import Tool
from ..providers import Spelling

__all__ = ["CDK", "CLOUDFORMATION", "SAM", "SAM_API", "SPELLINGS"]

#: None of them sets the authorizer's TTL when it is not written, and none merges ``extend`` (A6, 9.4).
CLOUDFORMATION = Tool("CloudFormation", unset_lambda_ttl=0, folds_extensions=False)
SAM = Tool("SAM", unset_lambda_ttl=0, folds_extensions=False)
CDK = Tool("CDK", unset_lambda_ttl=0, folds_extensions=False)

SAM_API = "AWS::Serverless::GraphQLApi"

SPELLINGS = {
    "AWS::AppSync::GraphQLApi": Spelling(CLOUDFORMATION),
    SAM_API: Spelling(
        SAM,
        mode=("Type",),
        additional=("Additional",),
        pool=("UserPool",),
        oidc=("OpenIDConnect",),
        authorizer=("LambdaAuthorizer",),
    ),
}
