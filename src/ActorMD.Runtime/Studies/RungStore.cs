using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ActorMD.Files;

namespace ActorMD.Runtime;

/// <summary>Keeps the finished rungs of a study in its folder, so that an interrupted study goes on where it was.</summary>
public sealed class RungStore
{
    private readonly string _directory;
    private readonly string _fingerprint;

    /// <param name="directory">Folder of the results.</param>
    /// <param name="study">Rungs of another study, or of another version of it, are not used.</param>
    public RungStore(string directory, Study study)
    {
        _directory = directory;
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{CaseFingerprint.Of(study.Case)} {study.Seed} {string.Join(' ', study.Times.Select(t => t.ToString("R", CultureInfo.InvariantCulture)))} {study.Axis} {study.BinCount} {study.ReplicaMin} {study.ReferenceRuns} {study.ReferenceParticles}");
        _fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Removes all rungs.</summary>
    public void Clear()
    {
        if (Directory.Exists(_directory))
        {
            foreach (string file in Directory.GetFiles(_directory, "rung-*.json"))
            {
                File.Delete(file);
            }
        }
    }

    internal StoredRung? Find(int particles)
    {
        string path = PathOf(particles);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            StoredRung? rung = JsonSerializer.Deserialize<StoredRung>(File.ReadAllText(path));
            return rung?.Fingerprint == _fingerprint ? rung : null;
        }
        catch (JsonException)
        {
            return null; // a file that a kill has cut short: the rung is computed again
        }
    }

    internal void Save(LadderRung rung, double[][] bootstrap)
    {
        Directory.CreateDirectory(_directory);
        File.WriteAllText(PathOf(rung.Particles), JsonSerializer.Serialize(new StoredRung(_fingerprint, rung, bootstrap)));
    }

    private string PathOf(int particles) => Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"rung-{particles}.json"));
}

/// <summary>A finished rung with the bootstrap samples of its squared differences, time after time.</summary>
internal sealed record StoredRung(string Fingerprint, LadderRung Rung, double[][] Bootstrap);
