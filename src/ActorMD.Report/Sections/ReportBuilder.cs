using System.Collections.Immutable;
using System.Text.Json;
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
            string.Join(", ", sources.Select(NameOf).Distinct()),
            FormattableString.Invariant(
                $"{string.Join(", ", sources.Select(source => source.Label))}; report of {now:yyyy-MM-dd HH:mm} UTC"),
            [.. sections.OfType<ReportSection>()]);
    }

    private static string NameOf(Source source) =>
        source.Case?.Name
        ?? (source.Json is { } json && json.TryGetProperty("name", out JsonElement name) ? name.ToString() : source.Label);

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
