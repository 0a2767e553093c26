using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ActorMD.Observables.Plans;

namespace ActorMD.Files.Cases;

/// <summary>The words of <c>output.observables</c>, and how it is written.</summary>
internal static class ObservableWords
{
    public static readonly Dictionary<string, ObservableKind> Kinds = new()
    {
        ["rdf"] = ObservableKind.Rdf,
        ["structure_factor"] = ObservableKind.StructureFactor,
        ["msd"] = ObservableKind.Msd,
        ["vacf"] = ObservableKind.Vacf,
        ["helfand"] = ObservableKind.Helfand,
        ["mutual_diffusion"] = ObservableKind.MutualDiffusion,
        ["collisions"] = ObservableKind.Collisions,
        ["velocities"] = ObservableKind.Velocities,
        ["h_function"] = ObservableKind.HFunction,
        ["profile"] = ObservableKind.Profile,
    };

    /// <summary>Whether delays are logarithmic.</summary>
    public static readonly Dictionary<string, bool> Spacings = new() { ["linear"] = false, ["logarithmic"] = true };

    public static string Of(ObservableKind kind) => Kinds.First(pair => pair.Value == kind).Key;

    /// <summary>Writes the list into a resolved case, inside of <c>output</c>.</summary>
    public static void Write(StringBuilder text, ImmutableArray<ObservablePlan> plans)
    {
        if (plans.IsEmpty)
        {
            return;
        }

        text.Append("  observables:\n");
        foreach (ObservablePlan plan in plans)
        {
            string when = plan.Times is { } times ? $"times: {times}" : $"every: {Number(plan.Every)}";
            List<string> keys = [$"name: \"{plan.Name}\"", $"kind: {Of(plan.Kind)}", when];
            if (plan.Lags is { } lags)
            {
                string spacing = lags.IsLogarithmic ? "logarithmic" : "linear";
                keys.Add($"lags: {{ max: {Number(lags.Max)}, spacing: {spacing}, origins: {Number(lags.OriginEvery)} }}");
            }
            else
            {
                string bins = plan.Kind == ObservableKind.StructureFactor ? "waves" : "bins";
                keys.Add(string.Create(CultureInfo.InvariantCulture, $"{bins}: {plan.Bins}"));
            }

            if (plan.Max is { } max)
            {
                keys.Add($"max: {Number(max)}");
            }

            if (plan.Kind == ObservableKind.Profile)
            {
                keys.Add($"axis: {"xyz"[plan.Axis]}");
            }

            text.Append($"    - {{ {string.Join(", ", keys)} }}\n");
        }
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
