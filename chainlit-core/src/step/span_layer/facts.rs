//! What the fields of a span say.

use std::fmt;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};

use super::{MARK, OPERATION};
use crate::step::StepType;

/// Bytes of a field that are kept; what is longer is cut.
const MAX_FIELD_BYTES: usize = 64 * 1024;

/// What a span's fields say so far. A field that is recorded twice has its last value.
#[derive(Default)]
pub(super) struct Facts {
    with_content: bool,
    operation: String,
    mark: String,
    otel_name: String,
    model: String,
    tool: String,
    agent: String,
    workflow: String,
    error_type: String,
    is_failed: bool,
    status: String,
    /// The step's input.
    pub(super) input: String,
    /// The step's output.
    pub(super) output: String,
    input_tokens: u64,
    output_tokens: u64,
    /// What is told of the call beside its texts.
    pub(super) metadata: Map<String, Value>,
}

/// Why a span is a failed step.
pub(super) struct SpanFailure<'a> {
    /// One of few words, such as `timeout`.
    pub(super) kind: Option<&'a str>,
    /// What the failed code says: it may name anything.
    pub(super) message: Option<&'a str>,
}

impl Facts {
    pub(super) fn new(with_content: bool) -> Self {
        Self { with_content, ..Self::default() }
    }

    /// The step's type; `None` for a span that is no step, or not yet: some clients record the
    /// operation after they have opened the span.
    pub(super) fn kind(&self) -> Option<StepType> {
        if !self.mark.is_empty() {
            return Some(self.mark.parse().unwrap_or_default());
        }
        Some(match self.operation.as_str() {
            "" => return None,
            "chat" | "chat_streaming" | "text_completion" | "generate_content"
            | "transcription" | "image_generation" | "audio_generation" => StepType::Llm,
            "execute_tool" => StepType::Tool,
            "embeddings" => StepType::Embedding,
            "retrieval" => StepType::Retrieval,
            "rerank" => StepType::Rerank,
            _ => StepType::Undefined,
        })
    }

    /// A tool's name alone; for the rest what the convention says: the operation, and what it is
    /// done with.
    pub(super) fn name(&self, span: &str) -> String {
        if self.operation == "execute_tool" && !self.tool.is_empty() {
            return self.tool.clone();
        }
        if !self.otel_name.is_empty() {
            return self.otel_name.clone();
        }
        let subject = match self.operation.as_str() {
            "" => return span.to_owned(),
            "invoke_agent" | "create_agent" | "plan" => &self.agent,
            "invoke_workflow" => &self.workflow,
            _ => &self.model,
        };
        if subject.is_empty() {
            return self.operation.clone();
        }
        format!("{} {subject}", self.operation)
    }

    /// What went wrong, if something did.
    pub(super) fn failure(&self) -> Option<SpanFailure<'_>> {
        let some = |text| Some(text).filter(|text: &&str| !text.is_empty());
        self.is_failed
            .then(|| SpanFailure { kind: some(&self.error_type), message: some(&self.status) })
    }

    /// Tokens that the span counts and no other does: an agent's span counts again what its calls
    /// have counted.
    pub(super) fn tokens(&self) -> u64 {
        match self.kind() {
            Some(StepType::Llm | StepType::Embedding | StepType::Rerank) => {
                self.input_tokens.saturating_add(self.output_tokens)
            }
            _ => 0,
        }
    }

    fn take(&mut self, field: &str, value: Value) {
        let text = || match &value {
            Value::String(text) => text.clone(),
            value => value.to_string(),
        };
        let number = || value.as_u64().or_else(|| text().parse().ok()).unwrap_or_default();
        match field {
            OPERATION => self.operation = text(),
            MARK => self.mark = text(),
            "otel.name" => self.otel_name = text(),
            "otel.status_code" => self.is_failed |= text().eq_ignore_ascii_case("error"),
            "otel.status_message" | "otel.status_description" => self.status = text(),
            "error.type" | "gen_ai.tool.error.type" => {
                self.error_type = text();
                self.is_failed |= !self.error_type.is_empty();
            }
            "gen_ai.request.model" => self.model = text(),
            "gen_ai.tool.name" => self.tool = text(),
            "gen_ai.agent.name" => self.agent = text(),
            "gen_ai.workflow.name" => self.workflow = text(),
            "gen_ai.usage.input_tokens" => self.input_tokens = number(),
            "gen_ai.usage.output_tokens" => self.output_tokens = number(),
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
        if is_fact(field) && !value.is_null() {
            self.metadata.insert(field.to_owned(), value);
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
                | "gen_ai.response.time_to_first_chunk"
                | "gen_ai.tool.name"
                | "gen_ai.tool.type"
                | "gen_ai.tool.call.outcome"
                | "gen_ai.agent.name"
                | "gen_ai.workflow.name"
                | "error.type"
                | "gen_ai.tool.error.type"
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
