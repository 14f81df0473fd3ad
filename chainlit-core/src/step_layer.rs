//! Spans of `tracing` as steps.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::layer::{Context as LayerContext, Layer};
use tracing_subscriber::registry::LookupSpan;
use uuid::Uuid;

use crate::context::Context;
use crate::session::Session;
use crate::wire::{AnyStep, ServerEvent, ShowInput, StepDict};

/// Says what a model's client does: `chat`, `execute_tool`, `invoke_agent`, …
const OPERATION: &str = "gen_ai.operation.name";

/// Makes a step of any span: its value is the step's type.
const MARK: &str = "chainlit.step";

/// Bytes of a field that are kept; what is longer is cut.
const MAX_FIELD_BYTES: usize = 64 * 1024;

/// Shows spans as steps of the chat that they happen in.
///
/// Model clients that follow OpenTelemetry's
/// [conventions for generative AI](https://opentelemetry.io/docs/specs/semconv/gen-ai/) (`rig`,
/// `genai` with its feature `otel`, and others) open a span for each call: it becomes a step without
/// a line of code. [`cl::run`](https://docs.rs/chainlit/latest/chainlit/fn.run.html) installs the
/// layer; an application with a subscriber of its own adds it:
///
/// ```
/// use tracing_subscriber::layer::SubscriberExt;
///
/// let steps = chainlit_core::StepLayer::new().with_content(true).layer();
/// let subscriber = tracing_subscriber::registry().with(steps);
/// # let _ = subscriber;
/// ```
///
/// | span | step |
/// |---|---|
/// | `gen_ai.operation.name` = `chat`, `text_completion`, `generate_content` | `llm` |
/// | `execute_tool` | `tool` |
/// | `invoke_agent`, `create_agent`, `invoke_workflow` | `undefined`, with the rest below it |
/// | `embeddings` | `embedding` |
/// | `retrieval` | `retrieval` |
/// | any with the field `chainlit.step = "tool"` | of that type; `chainlit.input` and `chainlit.output` are its texts |
///
/// A step's parent is the step of the nearest span around it, or the step that was current when the
/// span was opened. Tokens that a span counts (`gen_ai.usage.*`) are in the step's metadata, with
/// the model's name, and are told to the page (`token_usage`). A span whose `error.type` or
/// `otel.status_code = "ERROR"` is set is a failed step. Spans outside of a chat, or of a task that
/// has lost its [`Context`], are left alone; so are events.
///
/// What was said to the model and by it is content: it is shown only
/// [when the application asks for it](Self::with_content). Most clients need a setting of their own
/// to record it at all.
#[derive(Clone, Debug, Default)]
pub struct StepLayer {
    with_content: bool,
}

impl StepLayer {
    /// Shows what was done, how long it took and what it cost, not what was said.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Shows prompts, answers, and tools' arguments and results, too, as input and output.
    #[must_use]
    pub fn with_content(mut self, with_content: bool) -> Self {
        self.with_content = with_content;
        self
    }

    /// The layer, with a filter of its own: it costs nothing but at the spans that it shows, and
    /// what other layers of the subscriber see is not changed.
    pub fn layer<S>(self) -> impl Layer<S> + Send + Sync
    where
        S: tracing::Subscriber + for<'a> LookupSpan<'a>,
    {
        let filter = filter_fn(|metadata| {
            let fields = metadata.fields();
            metadata.is_span()
                && (fields.field(OPERATION).is_some() || fields.field(MARK).is_some())
        });
        // Below, nobody opens such spans; callsites there stay switched off.
        Spans(self).with_filter(filter.with_max_level_hint(LevelFilter::DEBUG))
    }
}

/// The layer itself, behind its filter.
struct Spans(StepLayer);

/// A span that is shown as a step; kept with the span.
struct Shown {
    session: Session,
    dict: StepDict,
    facts: Facts,
}

impl<S> Layer<S> for Spans
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, layer: LayerContext<'_, S>) {
        let (Some(context), Some(span)) = (Context::try_current(), layer.span(id)) else { return };
        let mut facts = Facts { with_content: self.0.with_content, ..Facts::default() };
        attributes.record(&mut facts);
        let Some(kind) = facts.kind() else { return };
        let above = span.scope().skip(1).find_map(|above| {
            let extensions = above.extensions();
            let shown = extensions.get::<Shown>()?;
            (shown.session == *context.session()).then(|| Arc::clone(&shown.dict.id))
        });
        let parent_id = above.or_else(|| context.current_step_id().map(Arc::from));
        let session = context.session().clone();
        let now = session.now();
        let dict = StepDict {
            name: Cow::Owned(facts.name(attributes.metadata().name())),
            kind: Cow::Borrowed(kind),
            id: Uuid::new_v4().to_string().into(),
            thread_id: session.thread_id().into(),
            parent_id,
            streaming: false,
            metadata: facts.metadata(),
            tags: None,
            input: facts.input.clone(),
            is_error: false,
            output: String::new(),
            created_at: Some(now),
            start: Some(now),
            end: None,
            language: None,
            default_open: false,
            auto_collapse: false,
            show_input: ShowInput::Code(Cow::Borrowed("json")),
            generation: None,
        };
        let shown = Arc::new(dict.clone());
        session.emitter().emit(&ServerEvent::NewMessage(AnyStep::Step(&shown)));
        span.extensions_mut().insert(Shown { session, dict, facts });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, layer: LayerContext<'_, S>) {
        if let Some(span) = layer.span(id)
            && let Some(shown) = span.extensions_mut().get_mut::<Shown>()
        {
            values.record(&mut shown.facts);
        }
    }

    fn on_close(&self, id: Id, layer: LayerContext<'_, S>) {
        let Some(span) = layer.span(&id) else { return };
        let Some(Shown { session, dict, facts }) = span.extensions_mut().remove::<Shown>() else {
            return;
        };
        let error = facts.error();
        let dict = Arc::new(StepDict {
            name: Cow::Owned(facts.name(span.name())),
            metadata: facts.metadata(),
            is_error: error.is_some(),
            end: Some(session.now()),
            input: facts.input,
            output: match error {
                Some(error) if facts.output.is_empty() => error,
                _ => facts.output,
            },
            ..dict
        });
        let emitter = session.emitter();
        emitter.emit(&ServerEvent::UpdateMessage(AnyStep::Step(&dict)));
        // An agent's span counts again what its calls have counted.
        if facts.tokens > 0 && facts.is_call {
            emitter.emit(&ServerEvent::TokenUsage(facts.tokens));
        }
    }
}

/// What a span's fields say.
#[derive(Default)]
struct Facts {
    with_content: bool,
    operation: String,
    mark: String,
    otel_name: String,
    model: String,
    tool: String,
    agent: String,
    error_type: String,
    is_failed: bool,
    status: String,
    input: String,
    output: String,
    tokens: u64,
    /// It is a model's call itself, and not what holds several.
    is_call: bool,
    kept: Map<String, Value>,
}

impl Facts {
    /// The step's type; `None` for a span that is no step.
    fn kind(&mut self) -> Option<&'static str> {
        const KINDS: [&str; 6] = ["run", "tool", "llm", "embedding", "retrieval", "rerank"];
        if !self.mark.is_empty() {
            let known = KINDS.into_iter().find(|kind| *kind == self.mark);
            return Some(known.unwrap_or("undefined"));
        }
        let kind = match self.operation.as_str() {
            "" => return None,
            "chat" | "chat_streaming" | "text_completion" | "generate_content" => "llm",
            "execute_tool" => "tool",
            "embeddings" => "embedding",
            "retrieval" => "retrieval",
            _ => "undefined",
        };
        self.is_call = matches!(kind, "llm" | "embedding");
        Some(kind)
    }

    /// As the convention names spans: the operation, and what it is done with.
    fn name(&self, span: &str) -> String {
        if !self.otel_name.is_empty() {
            return self.otel_name.clone();
        }
        if self.operation.is_empty() {
            return span.to_owned();
        }
        let what = [&self.tool, &self.agent, &self.model];
        match what.into_iter().find(|what| !what.is_empty()) {
            Some(what) if *what == self.tool => what.clone(),
            Some(what) => format!("{} {what}", self.operation),
            None => self.operation.clone(),
        }
    }

    fn metadata(&self) -> Map<String, Value> {
        self.kept.clone()
    }

    fn error(&self) -> Option<String> {
        if !self.is_failed {
            return None;
        }
        let texts = [&self.status, &self.error_type];
        let text = texts.into_iter().find(|text| !text.is_empty());
        Some(text.cloned().unwrap_or_else(|| "failed".to_owned()))
    }

    fn take(&mut self, field: &str, value: Value) {
        let text = || match &value {
            Value::String(text) => text.clone(),
            value => value.to_string(),
        };
        match field {
            OPERATION => self.operation = text(),
            MARK => self.mark = text(),
            "otel.name" => self.otel_name = text(),
            "otel.status_code" => self.is_failed |= text().eq_ignore_ascii_case("error"),
            "otel.status_message" | "otel.status_description" => self.status = text(),
            "error.type" => {
                self.error_type = text();
                self.is_failed |= !self.error_type.is_empty();
            }
            "gen_ai.request.model" => self.model = text(),
            "gen_ai.tool.name" => self.tool = text(),
            "gen_ai.agent.name" => self.agent = text(),
            "chainlit.input" => self.input = text(),
            "chainlit.output" => self.output = text(),
            "gen_ai.input.messages"
            | "gen_ai.prompt"
            | "gen_ai.tool.call.arguments"
            | "gen_ai.retrieval.query.text"
                if self.with_content =>
            {
                self.input = text();
            }
            "gen_ai.output.messages"
            | "gen_ai.completion"
            | "gen_ai.tool.call.result"
            | "gen_ai.retrieval.documents"
                if self.with_content =>
            {
                self.output = text();
            }
            _ => {}
        }
        if matches!(field, "gen_ai.usage.input_tokens" | "gen_ai.usage.output_tokens") {
            let number = value.as_u64().or_else(|| text().parse().ok()).unwrap_or_default();
            self.tokens += number;
        }
        if is_fact(field) && !value.is_null() {
            self.kept.insert(field.to_owned(), value);
        }
    }
}

/// Whether the field says something about the call that is no content.
fn is_fact(field: &str) -> bool {
    field.starts_with("gen_ai.usage.")
        || field.starts_with("gen_ai.request.")
        || matches!(
            field,
            OPERATION
                | "gen_ai.provider.name"
                | "gen_ai.system"
                | "gen_ai.response.model"
                | "gen_ai.response.finish_reasons"
                | "gen_ai.tool.name"
                | "gen_ai.tool.type"
                | "gen_ai.agent.name"
                | "error.type"
        )
}

fn cut(text: &str) -> String {
    let end = text.floor_char_boundary(MAX_FIELD_BYTES);
    text[..end].to_owned()
}

impl Visit for Facts {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let text = format!("{value:?}");
        self.take(field.name(), Value::String(cut(&text)));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.take(field.name(), Value::String(cut(value)));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.take(field.name(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.take(field.name(), value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.take(field.name(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.take(field.name(), value.into());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.take(field.name(), Value::String(cut(&value.to_string())));
    }
}
