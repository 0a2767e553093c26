using System.Collections.Immutable;
using ActorMD.Report.Documents;
using ActorMD.Report.Scenes;
using ActorMD.Report.Sources;

namespace ActorMD.Report.Sections;

/// <summary>Puts the sections of a report together.</summary>
internal static class ReportBuilder
{
    public static ReportDocument Of(ImmutableArray<Source> sources, DateTime now)
    {
        TrajectorySample?[] samples = [.. sources.Select(TrajectorySample.Of)];
        ReportSection?[] sections =
        [
            GasSection.Of(sources), ResultsSection.Of(sources), SceneSection(sources, samples), StudySection.Of(sources),
                SeriesSection.Of(sources), VelocitySection.Of(sources, samples), ObservablesSection.Of(sources),
            TablesSection.Of(sources), CollisionsSection.Of(sources), WorkSection.Of(sources), StorySection.Of(sources),
                OriginSection.Of(sources),
        ];
        return new ReportDocument(
            string.Join(", ", sources.Select(source => source.Case?.Name ?? source.Label).Distinct()),
            FormattableString.Invariant(
                $"{string.Join(", ", sources.Select(source => source.Label))}; report of {now:yyyy-MM-dd HH:mm} UTC"),
            [.. sections.OfType<ReportSection>()]);
    }

    private static ReportSection? SceneSection(ImmutableArray<Source> sources, TrajectorySample?[] samples)
    {
        ImmutableArray<ReportBlock> scenes =
        [
            .. samples.Select((sample, k) =>
                sample?.Scene(sources.Length > 1 ? $"Particles of {sources[k].Label}" : "Particles")).OfType<Scene>()
                .Select(scene => new SceneBlock(scene)),
        ];
        return scenes.IsEmpty ? null : new ReportSection("particles", "The particles", scenes);
    }
}
