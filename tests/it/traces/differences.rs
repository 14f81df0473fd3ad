use super::difference::{Change, Difference};

/// Every deliberate difference from the recorded server. One that is no difference any more fails,
/// like one that is missing here.
pub(super) const DIFFERENCES: &[Difference] = &[
    Difference {
        trace: "hello",
        weaknesses: &[21],
        why: "An action of an unknown session is no failure of the server.",
        changes: &[Change::Answer {
            line: 26,
            status: 404,
            answer: r#"{"detail":"Session not found"}"#,
        }],
    },
    Difference {
        trace: "stream",
        weaknesses: &[62],
        why: "A message has its time from the first token on.",
        changes: &[Change::Text {
            lines: &[12, 17],
            from: r#""createdAt":null,"command":null,"modes":null,"start":null,"end":null"#,
            to: r#""createdAt":"2000-01-01T00:00:00Z","command":null,"modes":null,"start":"2000-01-01T00:00:00Z","end":"2000-01-01T00:00:00Z""#,
        }],
    },
    Difference {
        trace: "cot_hidden",
        weaknesses: &[29],
        why: "A hidden step is sent once when it begins and once when it ends, with its times.",
        changes: &[
            Change::Omit(&[13, 14]),
            Change::Text {
                lines: &[12],
                from: r#""type":"tool","name":"tool","id":"424143fd-b148-4b41-a4ed-fac1cc5bbbea","parentId":"ab8b5b86-04eb-40bf-9f85-cb565b92431f","threadId":"a03b311b-3037-42d4-8d1b-39a4b7c6257e","input":"","output":"""#,
                to: r#""name":"tool","type":"tool","id":"424143fd-b148-4b41-a4ed-fac1cc5bbbea","threadId":"a03b311b-3037-42d4-8d1b-39a4b7c6257e","parentId":"ab8b5b86-04eb-40bf-9f85-cb565b92431f","streaming":false,"metadata":{},"tags":null,"input":"","isError":false,"output":"","createdAt":"2000-01-01T00:00:00.000001Z","start":"2000-01-01T00:00:00.000002Z","end":null,"language":null,"defaultOpen":false,"autoCollapse":false,"showInput":"json","generation":null"#,
            },
            Change::Text {
                lines: &[15],
                from: r#""type":"tool","name":"tool","id":"424143fd-b148-4b41-a4ed-fac1cc5bbbea","parentId":"ab8b5b86-04eb-40bf-9f85-cb565b92431f","threadId":"a03b311b-3037-42d4-8d1b-39a4b7c6257e","input":"","output":"""#,
                to: r#""name":"tool","type":"tool","id":"424143fd-b148-4b41-a4ed-fac1cc5bbbea","threadId":"a03b311b-3037-42d4-8d1b-39a4b7c6257e","parentId":"ab8b5b86-04eb-40bf-9f85-cb565b92431f","streaming":false,"metadata":{},"tags":null,"input":"","isError":false,"output":"","createdAt":"2000-01-01T00:00:00.000001Z","start":"2000-01-01T00:00:00.000002Z","end":"2000-01-01T00:00:00.000003Z","language":null,"defaultOpen":false,"autoCollapse":false,"showInput":"json","generation":null"#,
            },
        ],
    },
    Difference {
        trace: "ask_user_timeout_raise",
        weaknesses: &[1],
        why: "An error of on_message is told to the user, with an id that is in the log too.",
        changes: &[
            Change::Text {
                lines: &[15],
                from: r#""isError":true,"output":"""#,
                to: r#""isError":true,"output":"the user did not answer within 1s (error 000000000001)""#,
            },
            Change::Error {
                after: 15,
                text: "the user did not answer within 1s (error 000000000001)",
            },
        ],
    },
    Difference {
        trace: "stop",
        weaknesses: &[62],
        why: "A message has its time from the first token on.",
        changes: &[
            Change::Text {
                lines: &[12],
                from: r#""createdAt":null,"command":null,"modes":null,"start":null,"end":null"#,
                to: r#""createdAt":"2000-01-01T00:00:00.000001Z","command":null,"modes":null,"start":"2000-01-01T00:00:00.000001Z","end":"2000-01-01T00:00:00.000001Z""#,
            },
            Change::Text {
                lines: &[26],
                from: r#""createdAt":null,"command":null,"modes":null,"start":null,"end":null"#,
                to: r#""createdAt":"2000-01-01T00:00:00.000002Z","command":null,"modes":null,"start":"2000-01-01T00:00:00.000002Z","end":"2000-01-01T00:00:00.000002Z""#,
            },
        ],
    },
    Difference {
        trace: "stop",
        weaknesses: &[26],
        why: "What was stopped is no error and keeps what was streamed.",
        changes: &[
            Change::Text { lines: &[21, 35], from: r#""isError":true"#, to: r#""isError":false"# },
            Change::StreamClosed { after: 19, start: 12, output: "0 1 2 3 4 5 " },
            Change::StreamClosed { after: 33, start: 26, output: "0 1 2 3 4 5 " },
        ],
    },
    Difference {
        trace: "stop",
        weaknesses: &[63],
        why: "on_stop runs when everything that was stopped is gone.",
        changes: &[Change::Order(&[21, 22, 20]), Change::Order(&[35, 36, 34])],
    },
    Difference {
        trace: "stop",
        weaknesses: &[26],
        why: "A stop of nothing is told to the application only.",
        changes: &[Change::Omit(&[38])],
    },
    Difference {
        trace: "stop_during_ask",
        weaknesses: &[4],
        why: "A stopped ask is withdrawn from the page.",
        changes: &[Change::Text { lines: &[15], from: "task_start", to: "clear_ask" }],
    },
    Difference {
        trace: "stop_during_ask",
        weaknesses: &[26],
        why: "What was stopped is no error.",
        changes: &[Change::Text {
            lines: &[16],
            from: r#""isError":true"#,
            to: r#""isError":false"#,
        }],
    },
    Difference {
        trace: "stop_during_ask",
        weaknesses: &[2, 3, 4],
        why: "A client that comes back is shown the conversation, that it goes on, and what is asked.",
        changes: &[
            Change::Shown { after: 29, steps: &[8, 16, 12, 14, 18, 20, 21] },
            Change::Event { after: 29, event: "task_start", data: "{}" },
            Change::Repeated { after: 29, lines: &[21] },
        ],
    },
    Difference {
        trace: "edit_message",
        weaknesses: &[54],
        why: "A user who edits what is not there is told so.",
        changes: &[Change::Error {
            after: 38,
            text: "The message to edit is not part of this conversation.",
        }],
    },
    Difference {
        trace: "handler_error",
        weaknesses: &[64],
        why: "What the user reads of an error has an id that is in the log too.",
        changes: &[Change::Text {
            lines: &[10, 11],
            from: "start failed",
            to: "start failed (error 000000000001)",
        }],
    },
    Difference {
        trace: "handler_error",
        weaknesses: &[1, 64],
        why: "An error of on_message is told to the user, an empty one too.",
        changes: &[
            Change::Text {
                lines: &[17],
                from: "handler failed",
                to: "handler failed (error 000000000002)",
            },
            Change::Error { after: 17, text: "handler failed (error 000000000002)" },
            Change::Text {
                lines: &[22],
                from: r#""isError":true,"output":"""#,
                to: r#""isError":true,"output":"Something went wrong. (error 000000000003)""#,
            },
            Change::Error { after: 22, text: "Something went wrong. (error 000000000003)" },
        ],
    },
    Difference {
        trace: "handler_error",
        weaknesses: &[64],
        why: "What is wrong with a message's id is said in words of the protocol, not of Python.",
        changes: &[Change::Text {
            lines: &[26],
            from: "badly formed hexadecimal UUID string",
            to: "the message's `id` must be a UUID of version 4",
        }],
    },
    Difference {
        trace: "concurrent_messages",
        weaknesses: &[24],
        why: "Messages of one session are handled one after the other.",
        changes: &[Change::Order(&[10, 11, 13, 18, 19, 20, 12, 14, 15, 16, 17])],
    },
    Difference {
        trace: "stale_chat_context",
        weaknesses: &[16],
        why: "The conversation is forgotten with its session.",
        changes: &[Change::Text {
            lines: &[28],
            from: r#"ctx=['hi', \"Echo: hi ctx=['hi']\", 'again']"#,
            to: "ctx=['again']",
        }],
    },
    Difference {
        trace: "clear_session_race",
        weaknesses: &[51],
        why: "A session that is cleared is gone, however soon the client leaves.",
        changes: &[
            Change::Renewed { after: 28, lines: &[8, 9, 10, 11, 12], turn: 1 },
            Change::Event {
                after: 30,
                event: "first_interaction",
                data: r#"{"interaction":"again","thread_id":"00000001-f896-4935-867e-0485743b3e7f"}"#,
            },
            Change::RenewedId {
                lines: &[31, 32, 33],
                id: "a3470767-f896-4935-867e-0485743b3e7f",
                turn: 1,
            },
        ],
    },
    Difference {
        trace: "reconnect",
        weaknesses: &[2],
        why: "A client that comes back is shown the conversation.",
        changes: &[
            Change::Shown { after: 20, steps: &[11, 10] },
            Change::Shown { after: 39, steps: &[11, 10, 21, 26, 25, 28, 30, 31] },
            Change::Shown { after: 82, steps: &[74, 73] },
        ],
    },
    Difference {
        trace: "reconnect",
        weaknesses: &[3],
        why: "It is also shown that something still runs.",
        changes: &[Change::Event { after: 39, event: "task_start", data: "{}" }],
    },
    Difference {
        trace: "reconnect",
        weaknesses: &[17],
        why: "A new session has a thread of its own, whatever thread the client names.",
        changes: &[Change::RenewedId {
            lines: &[58, 59, 60],
            id: "48d595ec-d99b-49c0-918f-30fa08914f58",
            turn: 1,
        }],
    },
    Difference {
        trace: "reconnect",
        weaknesses: &[65],
        why: "Of two connections of a session the older is told that it ends.",
        changes: &[
            Change::Closed { after: 77, client: "conn5-after-clear" },
            Change::Omit(&[90, 91]),
        ],
    },
    Difference {
        trace: "action_callback",
        weaknesses: &[66],
        why: "The first interaction is told before what it leads to.",
        changes: &[Change::Order(&[17, 16])],
    },
    Difference {
        trace: "action_callback",
        weaknesses: &[22],
        why: "An action that fails or can't be read is answered as such, and the user is told.",
        changes: &[
            Change::Answer {
                line: 19,
                status: 500,
                answer: r#"{"detail":"bad action (error 000000000001)"}"#,
            },
            Change::Error { after: 19, text: "bad action (error 000000000001)" },
            Change::Answer {
                line: 21,
                status: 422,
                answer: r#"{"detail":[{"input":null,"loc":["body","action"],"msg":"missing field `payload`","type":"value_error"}]}"#,
            },
        ],
    },
    Difference {
        trace: "profile_and_message_fields",
        weaknesses: &[20],
        why: "A refusal names its reason.",
        changes: &[Change::Text {
            lines: &[26],
            from: "Connection refused by server",
            to: "Missing user environment variable: KEY",
        }],
    },
    Difference {
        trace: "chat_settings",
        weaknesses: &[67],
        why: "Values of a widget that the form does not have are refused; the page shows what counts.",
        changes: &[
            Change::Omit(&[20, 21, 22]),
            Change::Event { after: 19, event: "chat_settings", data: TAB_FORM },
            Change::Event { after: 19, event: "toast", data: NO_SUCH_FIELD },
        ],
    },
    Difference {
        trace: "audio",
        weaknesses: &[68],
        why: "The end of a talk begins once and ends once.",
        changes: &[Change::Omit(&[16, 23])],
    },
];

const TAB_FORM: &str = r#"[{"id":"t1","label":"Tab","inputs":[{"type":"switch","id":"ts","label":"In tab","initial":false,"tooltip":null,"description":null,"disabled":false}]}]"#;
const NO_SUCH_FIELD: &str = r#"{"message":"The settings have no field `sw`.","type":"error"}"#;

#[test]
fn each_difference_is_of_a_recording_and_its_reason_is_listed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/traces");
    let listed: Vec<u8> = std::fs::read_to_string(format!("{folder}/README.md"))
        .unwrap()
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(' ').next()?.parse().ok())
        .collect();
    for difference in DIFFERENCES {
        assert!(!difference.weaknesses.is_empty(), "{}", difference.why);
        for number in difference.weaknesses {
            assert!(listed.contains(number), "{number}: {}", difference.why);
        }
        let file = format!("{folder}/{}.jsonl", difference.trace);
        assert!(std::path::Path::new(&file).exists(), "{file}");
    }
    for number in listed {
        let is_used = DIFFERENCES.iter().any(|difference| difference.weaknesses.contains(&number));
        assert!(is_used, "nothing differs because of {number}");
    }
}
