//! The engine natively, beside another crate that reads policies.
//!
//! `cargo xtask bench` runs this and reads the samples; `cargo bench --package mta-sts-benches -- --test` runs each once.

use criterion::{BenchmarkId, Criterion, SamplingMode, criterion_group, criterion_main};
use mta_sts::model::Policy;
use mta_sts::rules::Findings;
use mta_sts::{LintOptions, OffsetUnit, lint};
use mta_sts_benches::{SHAPES, SIZES, policies};
use std::hint::black_box;
use std::time::Duration;

/// The policies, by each of the engine's three depths and by the other crate.
fn depths(criterion: &mut Criterion) {
    for (name, text) in policies() {
        let mut group = criterion.benchmark_group(name);
        let text = text.as_bytes();
        group.bench_function("parse", |b| b.iter(|| Policy::read(black_box(text))));
        group.bench_function("rules", |b| {
            b.iter(|| {
                let policy = Policy::read(black_box(text));
                let mut findings = Findings::new();
                findings.policy(&policy);
                (policy, findings)
            });
        });
        group.bench_function("report", |b| {
            let options = LintOptions::default();
            b.iter(|| lint(black_box(text), &options, OffsetUnit::Utf16));
        });
        group.bench_function("mailrs-mta-sts", |b| {
            let text = str::from_utf8(text).expect("policies are ASCII");
            b.iter(|| mailrs_mta_sts::Policy::parse(black_box(text)).expect("it takes these policies"));
        });
        group.finish();
    }
}

/// Texts made to be slow, by the whole report, from 1 KiB to the most that is read.
fn hostile(criterion: &mut Criterion) {
    let options = LintOptions::default();
    for shape in SHAPES {
        let mut group = criterion.benchmark_group(shape.name);
        group.sampling_mode(SamplingMode::Flat);
        for size in SIZES {
            let text = shape.text(size);
            group.bench_with_input(BenchmarkId::from_parameter(size), &text, |b, text| {
                b.iter(|| lint(black_box(text), &options, OffsetUnit::Utf16));
            });
        }
        group.finish();
    }
}

criterion_group! {
    name = as_published;
    config = Criterion::default().without_plots().measurement_time(Duration::from_secs(2));
    targets = depths
}
criterion_group! {
    name = made_to_be_slow;
    config = Criterion::default()
        .without_plots()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(20))
        .measurement_time(Duration::from_millis(60));
    targets = hostile
}
criterion_main!(as_published, made_to_be_slow);
