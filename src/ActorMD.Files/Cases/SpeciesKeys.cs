using System.Text.RegularExpressions;
using ActorMD.Files.Yaml;
using ActorMD.Physics;

namespace ActorMD.Files.Cases;

/// <summary>Names of species as keys of a mapping.</summary>
internal static partial class SpeciesKeys
{
    /// <summary>Whether species can have the name: it stands in names of columns.</summary>
    public static bool IsName(string name) => SpeciesNamePattern().IsMatch(name);

    /// <summary>The entries of a mapping by species, with the index of each; unknown names are faults.</summary>
    public static IEnumerable<(YamlEntry Entry, int Species)> Entries(
        ValueReader values, YamlMap map, KeyPath path, Gas gas)
    {
        // A species without a usable name is reported already, and may be the one that is meant.
        bool speciesAreNamed = !gas.Species.IsEmpty && gas.Species.All(s => IsName(s.Name));
        foreach (YamlEntry entry in map.Entries)
        {
            int a = Find(gas, entry.Key);
            if (a >= 0)
            {
                yield return (entry, a);
            }
            else if (speciesAreNamed)
            {
                values.Fault(
                    path.Named(entry.Key), entry.Location, $"there is no species '{entry.Key}'",
                    Suggestion.Remedy(entry.Key, [.. gas.Species.Select(s => s.Name)]));
            }
        }
    }

    private static int Find(Gas gas, string name)
    {
        for (int a = 0; a < gas.Species.Length; a++)
        {
            if (gas.Species[a].Name == name)
            {
                return a;
            }
        }

        return -1;
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_+-]{0,31}\z")]
    private static partial Regex SpeciesNamePattern();
}
