using System.Globalization;
using System.Text;
using ActorMD.Files.RunFolders;
using ActorMD.Files.Whole;

namespace ActorMD.Runs.Output;

/// <summary>Tables of a gas of many species, which no screen can hold: temperatures.csv and frequencies.csv.</summary>
public static class WideTables
{
    private const int SpeciesCountMin = 9;

    /// <summary>Writes them where there are so many species.</summary>
    public static void Write(RunFolder folder, RunSummary summary)
    {
        if (summary.Temperature.BySpecies.Count < SpeciesCountMin)
        {
            return;
        }

        WholeFile.Write(folder.TemperaturesPath, Text("species,temperature", summary.Temperature.BySpecies));
        WholeFile.Write(folder.FrequenciesPath, Text("pair,events_per_particle_and_time", summary.CollisionFrequency));
    }

    private static string Text(string header, IEnumerable<KeyValuePair<string, double?>> values)
    {
        StringBuilder text = new(header + "\n");
        foreach ((string name, double? value) in values)
        {
            text.Append(name).Append(',').Append(value?.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        }

        return text.ToString();
    }
}
