//! Prints the declarations of all that the engine returns, for TypeScript: `pkg/dist/report.d.ts` of the npm package.

use mta_sts::generate::{File, Generated, Step, Target, TargetName, TxtToPublish};
use mta_sts::plan::{Plan, PlanEarly, PlanKind, PlanStep, PlanWait, Publication, PublicationKind};
use mta_sts::render::{ExampleKind, ExampleReport, RuleReport};
use mta_sts::report::{
    ApplicabilityName, BecauseReport, ConsequenceName, CoverageName, Document, DocumentKind, DomainReport,
    EditReport, FindingReport, FixReport, KnownName, LookupReport, MxHost, MxHostReport, MxLookup, MxOutcome,
    MxReport, MxResult, NotSeen, OffsetUnit, Place, PolicyReport, RecordReport, ReplyReport, Report,
    SenderKindName, SenderReport, SeverityName, Stop, StopId, StopState, TlsrptReport, Verdict,
    VerdictOutcome,
};
use tsify::Tsify;

macro_rules! declare {
    ($($type:ty),* $(,)?) => { [$(<$type as Tsify>::DECL),*] };
}

fn main() {
    let declarations = declare![
        Report,
        OffsetUnit,
        DomainReport,
        Verdict,
        VerdictOutcome,
        Stop,
        StopId,
        StopState,
        Document,
        DocumentKind,
        FindingReport,
        SeverityName,
        ConsequenceName,
        Place,
        FixReport,
        ApplicabilityName,
        EditReport,
        RecordReport,
        PolicyReport,
        TlsrptReport,
        MxReport,
        MxHostReport,
        MxResult,
        MxLookup,
        MxHost,
        MxOutcome,
        CoverageName,
        NotSeen,
        LookupReport,
        ReplyReport,
        SenderReport,
        SenderKindName,
        KnownName,
        BecauseReport,
        RuleReport,
        ExampleReport,
        ExampleKind,
        Plan,
        PlanKind,
        PlanStep,
        Publication,
        PublicationKind,
        PlanWait,
        PlanEarly,
        Generated,
        TxtToPublish,
        Target,
        TargetName,
        File,
        Step,
    ];
    println!("{}", declarations.join("\n\n"));
}
