"""What cdk-nag finds and we accept: finding, where, and why. A finding not listed fails."""

PREFIX = "the right is for a prefix (or the indexes) of one bucket or table, not for all of it"
PUBLIC = (
    "people who are not known yet post, click, confirm and unsubscribe here; partners show an "
    "API key, reps a signed link, and descriptions hold no secret"
)

ACCEPTED = (
    (r"SQS3", r"UnrelayedDead", "it is a dead-letter queue: of a stream, which the rule overlooks"),
    (r"S1", r"Raw|Playbooks|Pages|Lake", "CloudTrail data events say who read what, at no bucket"),
    (r"SMG4", r"ClaimsSecret", "rotating it would orphan every claim on an e-mail or phone"),
    (
        r"SMG4",
        r"LinksSecret",
        "rotating it would break the unsubscribe links of mails already sent",
    ),
    (
        r"COG2",
        r"People",
        "each person turns it on; a pool without mail cannot force it on the first",
    ),
    (r"COG8", r"People", "the Plus plan is billed per user; up to the customer"),
    (r"APIG2", r"Api", "bodies are judged by our own models, whose refusals say what to mend"),
    (r"APIG3", r"Api", "LeadloopLimits puts one before it, wherever AWS runs it"),
    (r"APIG4|COG4", r"/(f|hooks|b|t|o|u|d|a|c|v1)/", PUBLIC),
    (r"IAM4\[.*AmazonAPIGatewayPushToCloudWatchLogs\]", r"Api", "the account's one role for logs"),
    (r"L1", r".*", "3.13 is the runtime all bundles are compiled for, on purpose"),
    (
        r"IAM5\[Resource::\*\]",
        r".*",
        "X-Ray, the delivery of logs and ListStreams know no resources",
    ),
    (
        r"IAM5\[Resource::.*/(playbook|assets|raw|in|fed|pages|replays|reports|statements|index)/\*\]",
        r".*",
        PREFIX,
    ),
    (r"IAM5\[Resource::.*/(files|confirmed|released|results|imports)/\*\]", r".*", PREFIX),
    (r"IAM5\[Resource::<Lake\w+\.Arn>/\*\]", r"LakeRole", "the lake's writer may fill the lake"),
    (
        r"IAM5\[Resource::<(Journey|Imports|Keeping)\w+\.Arn>:\*\]",
        r"Machine|Replays",
        "any version of one function",
    ),
    (
        r"IAM5\[Resource::arn:.*:states:.*:execution:",
        r"Machine|Replays",
        "its own child executions",
    ),
    (r"IAM5\[Resource::arn:.*:secret:Leadloop\w+/(hooks|vendors)/\*\]", r".*", PREFIX),
    (
        r"IAM5\[Resource::arn:.*:ses:.*identity/\*\]",
        r"Deliver",
        "senders are the playbook's to name",
    ),
)
