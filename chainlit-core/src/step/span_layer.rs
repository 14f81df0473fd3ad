//! Spans of `tracing` as steps.

mod facts;

use std::borrow::Cow;
use std::mem;
use std::sync::Arc;

use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::layer::{Context as LayerContext, Layer};
use tracing_subscriber::registry::LookupSpan;
use uuid::Uuid;

use self::facts::{Facts, SpanFailure};
use crate::context::Context;
use crate::error::ErrorId;
use crate::session::Session;
use crate::step::StepType;
use crate::wire::{AnyStep, ServerEvent, StepDict};

/// Says what a model's client does: `chat`, `execute_tool`, `invoke_agent`, …
const OPERATION: &str = "gen_ai.operation.name";

/// Makes a step of any span: its value is the step's type.
const MARK: &str = "chainlit.step";

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
/// let steps = chainlit::StepLayer::new().content(true).layer();
/// let subscriber = tracing_subscriber::registry().with(steps);
/// # let _ = subscriber;
/// ```
///
/// | span | step |
/// |---|---|
/// | `gen_ai.operation.name` = `chat`, `text_completion`, `generate_content`, `transcription`, `image_generation`, `audio_generation` | `llm` |
/// | `execute_tool` | `tool` |
/// | `invoke_agent`, `create_agent`, `invoke_workflow`, any other | `undefined`, with the rest below it |
/// | `embeddings` | `embedding` |
/// | `retrieval` | `retrieval` |
/// | `rerank` | `rerank` |
/// | any with the field `chainlit.step = "tool"` | of that type; `chainlit.input` and `chainlit.output` are its texts |
///
/// The operation may be recorded when the span is open already: the step appears at that moment. A
/// tool's or a model's name and the input may come later, too.
///
/// A step's parent is the step of the nearest span around it, or the step that was current when the
/// span was opened. Tokens that a span counts (`gen_ai.usage.*`) are in the step's metadata, with
/// the model's name, and are told to the page (`token_usage`); an agent's span counts again what its
/// calls count, and is left out. A span with an `error.type`, a `gen_ai.tool.error.type` or
/// `otel.status_code = "ERROR"` is a failed step; its `otel.status_message` is shown with
/// `UI.show_errors` only. Spans outside of a chat, or of a task that has lost
/// its [`Context`], are left alone; so are events.
///
/// What was said to the model and by it is content: it is shown only
/// [when the application asks for it](Self::content). Most clients need a setting of their own
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
    pub fn content(mut self, is_shown: bool) -> Self {
        self.with_content = is_shown;
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

/// A span that is a step, or becomes one when its operation is recorded; kept with the span.
struct Shown {
    session: Session,
    dict: StepDict,
    facts: Facts,
    /// Whether the page knows of it.
    is_told: bool,
}

impl Shown {
    /// The step as the page has to be told of it now; `None` when there is nothing to tell.
    ///
    /// Whoever calls this holds the span's extensions and tells the page only after letting go of
    /// them: telling may log, and a log's layer reads the extensions of the spans it is in.
    fn news(&mut self, span: &str) -> Option<News> {
        let kind = self.facts.kind()?;
        let name = self.facts.name(span);
        let dict = &mut self.dict;
        let is_same =
            dict.kind == kind.as_str() && dict.name == name && dict.input == self.facts.input;
        if self.is_told && is_same {
            return None;
        }
        dict.kind = Cow::Borrowed(kind.as_str());
        dict.name = Cow::Owned(name);
        dict.input.clone_from(&self.facts.input);
        dict.metadata.clone_from(&self.facts.metadata);
        let is_new = !mem::replace(&mut self.is_told, true);
        Some(News { session: self.session.clone(), dict: Arc::new(dict.clone()), is_new })
    }

    /// What the user may read of a failure, as of any step's: its kind, the application's word for
    /// it; what the failed code says of it only with `UI.show_errors`.
    fn shown_of(&self, failure: &SpanFailure<'_>) -> String {
        let kind = failure.kind.unwrap_or("failed");
        let Some(message) = failure.message else { return kind.to_owned() };
        if self.session.settings().show_errors {
            return message.to_owned();
        }
        let (error_id, step) = (ErrorId::new(), &self.dict.name);
        tracing::warn!(%error_id, session = ?self.session, %step, "a span failed: {message}");
        let kind = failure.kind.unwrap_or("Something went wrong.");
        format!("{kind} (error {error_id})")
    }

    /// Tells the page how it has ended.
    fn end(self) {
        let error = self.facts.failure().map(|failure| self.shown_of(&failure));
        let tokens = self.facts.tokens();
        let dict = Arc::new(StepDict {
            metadata: self.facts.metadata,
            is_error: error.is_some(),
            end: Some(self.session.now()),
            output: match error {
                Some(error) if self.facts.output.is_empty() => error,
                _ => self.facts.output,
            },
            ..self.dict
        });
        let emitter = self.session.emitter();
        emitter.emit(&ServerEvent::UpdateMessage(AnyStep::Step(&dict)));
        if tokens > 0 {
            emitter.emit(&ServerEvent::TokenUsage(tokens));
        }
    }
}

/// A step that the page does not know yet, or not as it is.
struct News {
    session: Session,
    dict: Arc<StepDict>,
    is_new: bool,
}

impl News {
    fn tell(self) {
        let step = AnyStep::Step(&self.dict);
        let event = if self.is_new {
            ServerEvent::NewMessage(step)
        } else {
            ServerEvent::UpdateMessage(step)
        };
        self.session.emitter().emit(&event);
    }
}

impl<S> Layer<S> for Spans
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, layer: LayerContext<'_, S>) {
        let (Some(context), Some(span)) = (Context::try_current(), layer.span(id)) else { return };
        let mut facts = Facts::new(self.0.with_content);
        attributes.record(&mut facts);
        let above = span.scope().skip(1).find_map(|above| {
            let extensions = above.extensions();
            let shown = extensions.get::<Shown>()?;
            let is_shown = shown.is_told && shown.session == *context.session();
            is_shown.then(|| Arc::clone(&shown.dict.id))
        });
        let parent_id = above.or_else(|| context.current_step_id().map(Arc::from));
        let session = context.session().clone();
        let now = session.now();
        let id = Uuid::new_v4().to_string();
        let dict = StepDict {
            parent_id,
            created_at: Some(now),
            start: Some(now),
            ..StepDict::new(id, session.thread_id(), "", StepType::Undefined)
        };
        let mut shown = Shown { session, dict, facts, is_told: false };
        let news = shown.news(span.name());
        span.extensions_mut().insert(shown);
        if let Some(news) = news {
            news.tell();
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, layer: LayerContext<'_, S>) {
        let Some(span) = layer.span(id) else { return };
        let news = span.extensions_mut().get_mut::<Shown>().and_then(|shown| {
            values.record(&mut shown.facts);
            shown.news(span.name())
        });
        if let Some(news) = news {
            news.tell();
        }
    }

    fn on_close(&self, id: Id, layer: LayerContext<'_, S>) {
        let Some(span) = layer.span(&id) else { return };
        let shown = span.extensions_mut().remove::<Shown>();
        if let Some(shown) = shown.filter(|shown| shown.is_told) {
            shown.end();
        }
    }
}
