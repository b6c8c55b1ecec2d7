"""Ways of writing the same decision, small: what hides a request field from a naive reader, and what does not."""

from __future__ import annotations

import textwrap

import pytest

from appsync_lint.authorizer import Analysis, analyse_text, judge
from appsync_lint.text import SourceText


def analysis(language: str, source: str, handler: str | None = None) -> Analysis:
    name = {"python": "a.py", "javascript": "a.js", "typescript": "a.ts"}[language]
    text = SourceText(name, textwrap.dedent(source))
    return analyse_text(text, language=language, handler=handler)  # type: ignore[arg-type]


def verdict(language: str, source: str, ttl: int | None = 300) -> str:
    return judge(analysis(language, source), ttl=ttl).verdict


PYTHON = [
    (
        "guarded",
        "a case by the token alone, before those by the operation",
        """
     def handler(event, context):
         match roles(event["authorizationToken"]), event["requestContext"]["operationName"]:
             case (["admin", *_], _):
                 return {"isAuthorized": True, "ttlOverride": 300}
             case (_, "Health"):
                 return {"isAuthorized": True, "ttlOverride": 0}
             case _:
                 return {"isAuthorized": False, "ttlOverride": 0}
     """,
    ),
    (
        "hazard",
        "a case by the operation inside a tuple",
        """
     def handler(event, context):
         match roles(event["authorizationToken"]), event["requestContext"]["operationName"]:
             case (["admin", *_], "Health"):
                 return {"isAuthorized": True}
             case _:
                 return {"isAuthorized": False, "ttlOverride": 0}
     """,
    ),
    (
        "hazard",
        "an attribute of Powertools' answer set later",
        """
     from aws_lambda_powertools.utilities.data_classes.appsync_authorizer_event import (
         AppSyncAuthorizerEvent, AppSyncAuthorizerResponse)
     def handler(raw, context):
         event = AppSyncAuthorizerEvent(raw)
         response = AppSyncAuthorizerResponse(authorize=check(event.authorization_token), max_age=0)
         response.max_age = None
         if "mutation" in event.request_context.query_string:
             response.authorize = False
         return response.asdict()
     """,
    ),
    (
        "guarded",
        "max_age of Powertools' answer set later",
        """
     from aws_lambda_powertools.utilities.data_classes.appsync_authorizer_event import AppSyncAuthorizerResponse
     def handler(event, context):
         ok = event["requestContext"]["operationName"] in allowed(event["authorizationToken"])
         response = AppSyncAuthorizerResponse(ok, 300)
         response.max_age = 0
         return response.asdict()
     """,
    ),
    (
        "guarded",
        "ttlOverride put into whichever of two answers it is",
        """
     def decide(event):
         if "drop" in event["requestContext"]["queryString"]:
             return {"isAuthorized": False}
         return {"isAuthorized": check(event["authorizationToken"])}
     def handler(event, context):
         answer = decide(event)
         answer["ttlOverride"] = 0
         return answer
     """,
    ),
    (
        "hazard",
        "ttlOverride put into one of three answers only",
        """
     def decide(event):
         who = check(event["authorizationToken"])
         if who is None:
             return {"isAuthorized": False}
         if "drop" in event["requestContext"]["queryString"]:
             return {"isAuthorized": who.admin}
         return {"isAuthorized": True}
     def handler(event, context):
         answer = decide(event)
         if "drop" in event["requestContext"]["queryString"]:
             answer["ttlOverride"] = 0
         return answer
     """,
    ),
    (
        "hazard",
        "decorator of the same file",
        """
     import functools
     def guard(fn):
         @functools.wraps(fn)
         def inner(*args, **kw):
             r = fn(*args, **kw)
             if r.get("isAuthorized") and "mutation" in args[0]["requestContext"]["queryString"]:
                 return {"isAuthorized": False}
             return r
         return inner
     @guard
     def handler(event, context):
         return {"isAuthorized": check(event["authorizationToken"])}
     """,
    ),
    (
        "hazard",
        "generator, walrus, any()",
        """
     def names(q):
         i = 0
         while (i := q.find("{", i + 1)) != -1:
             yield q[i:i + 5]
     def handler(event, _):
         bad = any(n == "{drop" for n in names(event["requestContext"]["queryString"]))
         return {"isAuthorized": not bad}
     """,
    ),
    (
        "hazard",
        "class hierarchy with a property",
        """
     class Base:
         def __init__(self, event):
             self.event = event
         @property
         def query(self):
             return self.event["requestContext"]["queryString"]
         def run(self):
             return {"isAuthorized": self.allowed()}
     class Mine(Base):
         def __init__(self, event):
             super().__init__(event)
             self.token = event["authorizationToken"]
         def allowed(self):
             return self.token == "x" or "secret" not in self.query
     def lambda_handler(event, context):
         return Mine(event).run()
     """,
    ),
    (
        "hazard",
        "match statement",
        """
     def handler(event, context):
         match event:
             case {"requestContext": {"operationName": "Admin"}}:
                 return {"isAuthorized": False}
             case {"authorizationToken": t}:
                 return {"isAuthorized": ok(t)}
         return {"isAuthorized": False}
     """,
    ),
    (
        "hazard",
        "awaited in another loop",
        """
     import asyncio
     async def decide(event):
         claims = await verify(event["authorizationToken"])
         return all(await asyncio.gather(one(claims), two(event["requestContext"]["variables"])))
     def handler(event, context):
         return {"isAuthorized": asyncio.get_event_loop().run_until_complete(decide(event))}
     """,
    ),
    (
        "hazard",
        "else of a try",
        """
     def handler(event, context):
         ok = False
         try:
             validate(event["requestContext"]["variables"])
         except ValueError:
             pass
         else:
             ok = True
         finally:
             print("done")
         return {"isAuthorized": ok}
     """,
    ),
    (
        "hazard",
        "table of functions with a default",
        """
     OPS = {"a": lambda t: True}
     def handler(event, context):
         fn = OPS.get(event["requestContext"]["operationName"], lambda t: False)
         return dict(isAuthorized=fn(event["authorizationToken"]))
     """,
    ),
    (
        "hazard",
        "powertools, snake case",
        """
     from aws_lambda_powertools.utilities.data_classes import event_source
     from aws_lambda_powertools.utilities.data_classes.appsync_authorizer_event import (
         AppSyncAuthorizerEvent, AppSyncAuthorizerResponse)
     @event_source(data_class=AppSyncAuthorizerEvent)
     def lambda_handler(event, context):
         if event.request_context.operation_name == "admin":
             return AppSyncAuthorizerResponse(authorize=False).asdict()
         return AppSyncAuthorizerResponse(authorize=True, max_age=300).asdict()
     """,
    ),
    (
        "guarded",
        "powertools max_age 0",
        """
     from aws_lambda_powertools.utilities.data_classes.appsync_authorizer_event import AppSyncAuthorizerResponse
     def lambda_handler(event, context):
         ok = "x" in event["requestContext"]["queryString"]
         return AppSyncAuthorizerResponse(authorize=ok, max_age=0).asdict()
     """,
    ),
    (
        "context-hazard",
        "request data for the resolvers",
        """
     def handler(event, ctx):
         if not check(event["authorizationToken"]):
             raise Exception("Unauthorized")
         return {"isAuthorized": True, "resolverContext": {"op": event["requestContext"].get("operationName", "")}}
     """,
    ),
    (
        "deny-cached",
        "only the refusal is kept",
        """
     def handler(event, ctx):
         if "x" in event["requestContext"]["queryString"]:
             return {"isAuthorized": True, "ttlOverride": 0}
         return {"isAuthorized": False}
     """,
    ),
    (
        "possible",
        "TTL from the environment",
        """
     import os
     TTL = int(os.environ.get("TTL", "0"))
     def handler(event, context):
         return {"isAuthorized": "x" not in event["requestContext"]["queryString"], "ttlOverride": TTL}
     """,
    ),
    (
        "possible",
        "the whole event to unknown code",
        """
     from policies import decide
     def handler(event, context):
         return {"isAuthorized": decide(event)}
     """,
    ),
    (
        "safe",
        "read and logged only",
        """
     import logging
     logger = logging.getLogger()
     def handler(event, context):
         logger.info("asked %s", event["requestContext"]["queryString"])
         return {"isAuthorized": check(event["authorizationToken"])}
     """,
    ),
    (
        "safe",
        "both branches answer alike",
        """
     def handler(event, context):
         kind = "write" if "mutation" in event["requestContext"]["queryString"] else "read"
         if kind == "write":
             print("careful")
         return {"isAuthorized": check(event["authorizationToken"])}
     """,
    ),
]

JAVASCRIPT = [
    (
        "hazard",
        "labelled loops",
        """
     exports.handler = async (event) => {
       const d = require('graphql').parse(event.requestContext.queryString);
       outer: for (const def of d.definitions) {
         for (const s of def.selectionSet.selections) {
           if (s.name.value === 'x') { return { isAuthorized: false }; }
           continue outer;
         }
       }
       return { isAuthorized: await check(event.authorizationToken) };
     };
     """,
    ),
    (
        "hazard",
        "rules folded into one, answer changed afterwards",
        """
     const rules = [(e) => e.authorizationToken.length > 3, (e) => !/drop/.test(e.requestContext.queryString)];
     const response = (ok) => { const r = { isAuthorized: false }; if (ok) r.isAuthorized = true; return r; };
     module.exports.handler = async (event) => response(rules.reduce((acc, rule) => acc && rule(event), true));
     """,
    ),
    (
        "hazard",
        "promise of its own, callback style",
        """
     const lookup = (t) => new Promise((resolve, reject) => {
       db.get(t, (err, row) => err ? reject(err) : resolve(row));
     });
     exports.handler = (event, ctx, cb) => {
       lookup(event.authorizationToken).then((row) => {
         if (!row.ops.includes(event.requestContext.operationName)) { cb(null, { isAuthorized: false }); }
         else { cb(null, { isAuthorized: true }); }
       }).catch(() => cb(null, { isAuthorized: false }));
     };
     """,
    ),
    (
        "hazard",
        "arguments and apply",
        """
     function decide() { return arguments[0].requestContext.queryString.indexOf('x') < 0; }
     exports.handler = function (event) { return Promise.resolve({ isAuthorized: decide.apply(null, [event]) }); };
     """,
    ),
    (
        "hazard",
        "computed key",
        """
     const key = 'query' + 'String';
     exports.handler = async (event) => ({ isAuthorized: !event['requestContext'][key].includes('x') });
     """,
    ),
    (
        "hazard",
        "async generator",
        """
     async function* parts(q) { for (const p of q.split(' ')) yield p; }
     exports.handler = async (event) => {
       let ok = true;
       for await (const p of parts(event.requestContext.queryString)) if (p === 'x') ok = false;
       return { isAuthorized: ok };
     };
     """,
    ),
    (
        "hazard",
        "copies of the event",
        """
     exports.handler = async (event) => {
       const e = JSON.parse(JSON.stringify(event));
       const { queryString } = structuredClone(e).requestContext;
       return { isAuthorized: !queryString.match(/x/) };
     };
     """,
    ),
    (
        "hazard",
        "through a global",
        """
     exports.handler = async (event) => { globalThis.current = event; return inner(); };
     async function inner() { return { isAuthorized: !current.requestContext.queryString.includes('x') }; }
     """,
    ),
    (
        "hazard",
        "prototype methods",
        """
     function Gate() { this.words = ['x']; }
     Gate.prototype.open = function (e) { return !this.words.includes(e.requestContext.operationName); };
     exports.handler = async (event) => ({ isAuthorized: new Gate().open(event) });
     """,
    ),
    (
        "hazard",
        "middy's before answers early",
        """
     const middy = require('@middy/core');
     const early = { before: async ({ event }) => {
       if (event.requestContext.queryString.includes('x')) return { isAuthorized: false };
     } };
     exports.handler = middy(async (event) => ({ isAuthorized: await check(event.authorizationToken) })).use(early);
     """,
    ),
    (
        "possible",
        "asynchronous context",
        """
     const { AsyncLocalStorage } = require('node:async_hooks');
     const als = new AsyncLocalStorage();
     const ok = () => als.getStore().requestContext.queryString.includes('x');
     exports.handler = (event) => als.run(event, async () => ({ isAuthorized: ok() }));
     """,
    ),
    (
        "possible",
        "unknown code that remembers the event",
        """
     const { setEvent, isAllowed } = require('@x/y');
     exports.handler = async (event) => { setEvent(event); return { isAuthorized: await isAllowed() }; };
     """,
    ),
    (
        "safe",
        "constant for one API",
        """
     exports.handler = async (event) => {
       const { apiId, accountId } = event.requestContext;
       return { isAuthorized: event.authorizationToken === process.env.T,
                deniedFields: [`arn:aws:appsync:eu-west-1:${accountId}:apis/${apiId}/types/Query/fields/x`] };
     };
     """,
    ),
]

TYPESCRIPT = [
    (
        "hazard",
        "switch that falls through",
        """
     export const handler = async (e: any) => {
       let ok = false;
       switch (e.requestContext.operationName) {
         case 'a':
         case 'b': ok = await v(e.authorizationToken); break;
         default: ok = true;
       }
       return { isAuthorized: ok };
     };
     """,
    ),
    (
        "hazard",
        "map of functions, optional call",
        """
     const table = new Map<string, (v: any) => boolean>([['a', (v) => v.x === 1]]);
     export async function handler(event) {
       const f = table.get(event.requestContext.operationName);
       return { isAuthorized: f?.(event.requestContext.variables) ?? false, ttlOverride: 10 };
     }
     """,
    ),
    (
        "hazard",
        "enum, namespace, casts",
        """
     enum Op { Admin = 'Admin' }
     namespace Rules { export const admin = (n: string) => n === Op.Admin; }
     export const handler = (async (event) => {
       const n = (event as any).requestContext!.operationName!;
       return { isAuthorized: !Rules.admin(n) } satisfies any;
     }) as any;
     """,
    ),
    (
        "hazard",
        "abstract class with an arrow field",
        """
     abstract class Handler {
       abstract decide(e): boolean;
       handle = async (e) => ({ isAuthorized: this.decide(e) });
       static create(): Handler {
         return new (class extends Handler { decide(e) { return e.requestHeaders.origin === 'a'; } })();
       }
     }
     export const handler = Handler.create().handle;
     """,
    ),
    (
        "possible",
        "an instance of unknown code holds the event",
        """
     import { Policy } from '@x/policy';
     export const handler = async (event) => {
       const p = new Policy(event);
       await p.load();
       return { isAuthorized: p.ok };
     };
     """,
    ),
    (
        "guarded",
        "TTL through a spread",
        """
     const base = { ttlOverride: 0, resolverContext: {} };
     export const handler = async (event) => ({
       ...base, isAuthorized: !event.requestContext.queryString.includes('x'),
     });
     """,
    ),
    (
        "safe",
        "read for the error log only",
        """
     export const handler = async (event: any) => {
       const op = event.requestContext.operationName;
       try {
         const c = await verify(event.authorizationToken);
         return { isAuthorized: true, resolverContext: { sub: c.sub } };
       } catch (e) {
         console.error(`failed ${op}`, e);
         return { isAuthorized: false };
       }
     };
     """,
    ),
]

FORMS = [
    pytest.param(language, expected, source, id=f"{language}: {title}")
    for language, listed in (("python", PYTHON), ("javascript", JAVASCRIPT), ("typescript", TYPESCRIPT))
    for expected, title, source in listed
]


@pytest.mark.parametrize(("language", "expected", "source"), FORMS)
def test_form(language: str, expected: str, source: str) -> None:
    assert verdict(language, source) == expected


def test_the_place_that_reads_and_the_place_that_decides() -> None:
    source = """\
    # Zeichen außerhalb von ASCII: é 𝄞
    def handler(event, context):
        é = event["requestContext"]["queryString"]; ü = "𝄞"
        if "deletePost" in é:
            return {"isAuthorized": False, "ttlOverride": 0}
        return {"isAuthorized": True}
    """
    found = judge(analysis("python", source), ttl=300, ttl_origin="the template")
    assert found.verdict == "hazard"
    assert found.returned is not None
    assert found.dependence is not None
    assert found.dependence.read.text == 'event["requestContext"]["queryString"]'
    assert found.dependence.decider.text == '"deletePost" in é'
    assert found.dependence.how == "control"
    assert found.returned.span.text == 'return {"isAuthorized": True}'
    assert (found.ttl, found.ttl_origin) == (300, "the template")


def test_places_in_javascript_beyond_ascii() -> None:
    source = """\
    // é 𝄞
    export const handler = async ({ requestContext: { queryString } }) => {
      const é = '𝄞'; const bad = queryString.includes('x');
      return { isAuthorized: !bad, ttlOverride: 60 };
    };
    """
    found = judge(analysis("javascript", source), ttl=0)
    assert found.dependence is not None
    assert found.dependence.read.text == "queryString"
    assert found.dependence.decider.text == "!bad"
    assert (found.ttl, found.ttl_origin) == (60, "ttlOverride")


def test_reads_say_whether_they_are_used() -> None:
    source = """\
    def handler(event, context):
        name = event["requestContext"]["operationName"]
        query = event["requestContext"]["queryString"]
        return {"isAuthorized": "x" in query}
    """
    assert [(read.field, read.used) for read in analysis("python", source).reads] == [
        ("operationName", False),
        ("queryString", True),
    ]


def test_parts_of_an_answer() -> None:
    source = """\
    export const handler = async (event) => {
      const { apiId } = event.requestContext;
      return {
        isAuthorized: await check(event.authorizationToken),
        deniedFields: ['Post.secret', `arn:aws:appsync:x:1:apis/${apiId}/types/Query/fields/all`],
        resolverContext: { n: 1, list: [1], none: null },
        ttlOverride: 5 * 60,
      };
    };
    """
    (item,) = analysis("javascript", source).returns
    assert item.is_authorized == "depends"
    assert item.ttl == 300
    assert [(one.text, one.exact) for one in item.denied_fields or ()] == [
        ("Post.secret", True),
        ("arn:aws:appsync:x:1:apis/${}/types/Query/fields/all", False),
    ]
    assert [(one.key, one.kind) for one in item.context] == [("n", "scalar"), ("list", "nested"), ("none", "null")]
