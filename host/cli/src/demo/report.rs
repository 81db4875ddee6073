//! The report of the steps, as they happen and at the end.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use crate::error::Error;
use crate::output::Output;
use crate::text::one_line;

/// A step that was done: what comes out of it, and a few words on it.
pub(super) struct Done<T> {
    pub(super) value: T,
    pub(super) words: String,
}

/// A step failed; it is in the log.
#[derive(Debug)]
pub(super) struct Stopped;

/// The steps at one vendor, reported as they happen.
pub(super) struct Log {
    report: Report,
    events: UnboundedSender<Event>,
}

/// What happens.
pub(super) enum Event {
    /// A step begins.
    Begun { vendor: &'static str, step: &'static str },
    /// A step has ended.
    Ended { vendor: &'static str, step: Step },
    /// There are no more steps.
    Over { vendor: &'static str },
}

/// A step that has ended.
#[derive(Clone)]
pub(super) struct Step {
    name: &'static str,
    result: StepResult,
    took: Duration,
}

#[derive(Clone)]
enum StepResult {
    Done(String),
    Skipped(String),
    Failed(Error),
}

/// All steps at one vendor.
pub(super) struct Report {
    pub(super) vendor: &'static str,
    steps: Vec<Step>,
}

impl Log {
    pub(super) fn new(vendor: &'static str, events: UnboundedSender<Event>) -> Self {
        Self { report: Report { vendor, steps: Vec::new() }, events }
    }

    /// Takes a step.
    pub(super) async fn step<T>(
        &mut self,
        name: &'static str,
        step: impl Future<Output = Result<Done<T>, Error>>,
    ) -> Result<T, Stopped> {
        self.send(Event::Begun { vendor: self.report.vendor, step: name });
        let began = Instant::now();
        let result = step.await;
        let took = began.elapsed();
        match result {
            Ok(Done { value, words }) => {
                self.end(Step { name, result: StepResult::Done(words), took });
                Ok(value)
            }
            Err(error) => {
                self.end(Step { name, result: StepResult::Failed(error), took });
                Err(Stopped)
            }
        }
    }

    /// Says that a step is not taken, and why.
    pub(super) fn skip(&mut self, name: &'static str, why: impl Into<String>) {
        self.end(Step { name, result: StepResult::Skipped(why.into()), took: Duration::ZERO });
    }

    pub(super) fn into_report(self) -> Report {
        self.send(Event::Over { vendor: self.report.vendor });
        self.report
    }

    fn end(&mut self, step: Step) {
        self.report.steps.push(step.clone());
        self.send(Event::Ended { vendor: self.report.vendor, step });
    }

    fn send(&self, event: Event) {
        // The receiver is gone when the output is closed; then the program is about to end.
        let _closed = self.events.send(event);
    }
}

impl Report {
    /// Where it failed, in words.
    pub(super) fn failure(&self) -> Option<String> {
        self.steps.iter().find_map(|step| match &step.result {
            StepResult::Failed(error) => Some(format!("{} failed at {}: {}", self.vendor, step.name, error.message())),
            _ => None,
        })
    }

    fn to_json(&self) -> Value {
        let steps: Vec<Value> = self.steps.iter().map(Step::to_json).collect();
        json!({ "vendor": self.vendor, "ok": self.failure().is_none(), "steps": steps })
    }
}

/// All vendors, as programs read it.
pub(super) fn summary(reports: &[Report]) -> Value {
    let ok = reports.iter().all(|report| report.failure().is_none());
    let vendors: Vec<Value> = reports.iter().map(Report::to_json).collect();
    json!({ "ok": ok, "vendors": vendors })
}

impl Step {
    fn milliseconds(&self) -> f64 {
        (self.took.as_secs_f64() * 10_000.0).round() / 10.0
    }

    fn to_json(&self) -> Value {
        let mut step = json!({ "step": self.name, "ok": true, "ms": self.milliseconds() });
        match &self.result {
            StepResult::Done(words) => step["detail"] = json!(words),
            StepResult::Skipped(why) => {
                step["skipped"] = json!(true);
                step["detail"] = json!(why);
            }
            StepResult::Failed(error) => {
                step["ok"] = json!(false);
                step["error"] = error.to_json()["error"].take();
            }
        }
        step
    }
}

/// One line a step, for people, those of a vendor together; on a terminal also a progress line for each vendor below them.
pub(super) struct Lines {
    output: Output,
    width: usize,
    progress: Option<Progress>,
    /// The lines of vendors whose steps are not over. None when there is one vendor, whose lines stand together anyway.
    held: Option<BTreeMap<&'static str, String>>,
}

/// The present step of each vendor, a line each.
struct Progress {
    lines: MultiProgress,
    of: BTreeMap<&'static str, ProgressBar>,
}

impl Progress {
    fn new(vendors: &[&'static str], width: usize) -> Self {
        let lines = MultiProgress::new();
        let style = ProgressStyle::with_template("{prefix}  {spinner} {msg}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
        let line = |vendor: &&'static str| {
            let line = lines.add(ProgressBar::new_spinner()).with_style(style.clone());
            line.set_prefix(format!("{vendor:width$}"));
            line.enable_steady_tick(Duration::from_millis(100));
            (*vendor, line)
        };
        let of = vendors.iter().map(line).collect();
        Self { lines, of }
    }
}

impl Lines {
    pub(super) fn new(output: Output, vendors: &[&'static str]) -> Self {
        let width = vendors.iter().map(|vendor| vendor.len()).max().unwrap_or_default();
        let progress = output.is_interactive().then(|| Progress::new(vendors, width));
        Self { output, width, progress, held: (vendors.len() > 1).then(BTreeMap::new) }
    }

    pub(super) fn show(&mut self, event: &Event) -> Result<(), Error> {
        if self.output.is_json() {
            return Ok(());
        }
        let width = self.width;
        match event {
            Event::Begun { vendor, step } => {
                if let Some(line) = self.progress.as_ref().and_then(|progress| progress.of.get(vendor)) {
                    line.set_message(*step);
                }
                Ok(())
            }
            Event::Ended { vendor, step } => {
                let (result, words) = match &step.result {
                    StepResult::Done(words) => ("ok", words.as_str()),
                    StepResult::Skipped(why) => ("skipped", why.as_str()),
                    StepResult::Failed(error) => ("FAILED", error.message()),
                };
                let name = step.name;
                let milliseconds = match step.result {
                    StepResult::Skipped(_) => "-".to_owned(),
                    _ => format!("{:.1} ms", step.milliseconds()),
                };
                let line = format!("{vendor:width$}  {name:10}  {result:7}  {milliseconds:>10}  {}", one_line(words));
                let line = format!("{}\n", line.trim_end());
                match &mut self.held {
                    Some(held) => {
                        held.entry(*vendor).or_default().push_str(&line);
                        Ok(())
                    }
                    None => self.print(&line),
                }
            }
            Event::Over { vendor } => {
                if let Some(line) = self.progress.as_ref().and_then(|progress| progress.of.get(vendor)) {
                    line.finish_and_clear();
                }
                match self.held.as_mut().and_then(|held| held.remove(vendor)) {
                    Some(lines) => self.print(&lines),
                    None => Ok(()),
                }
            }
        }
    }

    /// Prints above the progress lines.
    fn print(&self, text: &str) -> Result<(), Error> {
        match &self.progress {
            Some(progress) => progress.lines.suspend(|| self.output.text(text)),
            None => self.output.text(text),
        }
    }
}
