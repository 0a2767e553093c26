using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Files.Cases;
using ActorMD.Files.Ensembles;
using ActorMD.Files.RunFolders;
using ActorMD.Runs.Ensembles;

namespace ActorMD.Runs.Verification;

/// <summary>Checks a finished ensemble from its files alone: every number of summary.json and of the tables again from the sums.</summary>
internal sealed class EnsembleCheck
{
    private readonly RunFolder _folder;
    private readonly Action<string> _confirm;
    private readonly Action<string> _complain;

    /// <param name="folder">Of the ensemble.</param>
    /// <param name="confirm">Gets what is right.</param>
    /// <param name="complain">Gets what is wrong.</param>
    public EnsembleCheck(RunFolder folder, Action<string> confirm, Action<string> complain)
    {
        _folder = folder;
        _confirm = confirm;
        _complain = complain;
    }

    /// <param name="case">The ensemble's.</param>
    /// <param name="checkpoint">The newest one.</param>
    /// <param name="summary">Null: it is missing, and that was said.</param>
    public void Check(Case @case, EnsembleCheckpoint checkpoint, RunSummary? summary)
    {
        ReplicaLayout layout = new(@case);
        EnsembleSums sums = checkpoint.Sums;
        if (checkpoint.Fingerprint != CaseFingerprint.OfAll(@case) || sums.Means.Length != layout.ValueCount)
        {
            _complain($"the checkpoints in {_folder.CheckpointDirectory} belong to another case than case.yaml");
            return;
        }

        _confirm("the checkpoint has the right checksum");
        if (sums.Count < checkpoint.ReplicaCount)
        {
            _complain(string.Create(
                CultureInfo.InvariantCulture,
                $"the ensemble is not finished: {sums.Count} of {checkpoint.ReplicaCount} replicas are there; go on with 'actormd resume "
                    + $"{_folder.Directory}'"));
            return;
        }

        _confirm($"all {sums.Count} replicas are there");
        if (summary is not null)
        {
            CheckSummary(summary, EnsembleResult.Summary(layout, sums));
        }

        CheckTable(_folder.ThermoPath, @case, layout.MeanRows(sums));
        CheckTable(_folder.ThermoErrorsPath, @case, layout.ErrorRows(sums));
        foreach (TableSums table in sums.Tables)
        {
            CheckText(_folder.ObservablePath(table.Name), ObservableTables.TextOf(table.Table()));
        }

        if (EnsembleSums.DigestOf(ReplicaList.ReadDigests(_folder.ReplicasPath)) == sums.Digest)
        {
            _confirm("the digests of replicas.csv are those of the checkpoint");
        }
        else
        {
            _complain($"{_folder.ReplicasPath}: the digests of the replicas are not those of the checkpoint");
        }
    }

    private void CheckSummary(RunSummary found, RunSummary expected)
    {
        RunSummary comparable = expected with
        {
            Version = found.Version,
            Workers = found.Workers,
            WallSeconds = found.WallSeconds,
            CpuSeconds = found.CpuSeconds,
            PeakRssBytes = found.PeakRssBytes,
            CollisionsPerCpuSecond = found.CollisionsPerCpuSecond,
        };
        if (found.ToJson() == comparable.ToJson())
        {
            _confirm("summary.json has the means, errors, counts and the digest of the checkpoint");
        }
        else
        {
            _complain($"{_folder.SummaryPath} is not the one that the checkpoint gives");
        }
    }

    private void CheckTable(string path, Case @case, IEnumerable<ThermoRow> expected)
    {
        ImmutableArray<ThermoRow> rows = ThermoReader.Read(path, @case.Gas), wanted = [.. expected];
        int same = 0;
        while (same < rows.Length && same < wanted.Length && IsSame(rows[same], wanted[same]))
        {
            same++;
        }

        if (same == wanted.Length && same == rows.Length)
        {
            _confirm($"{Path.GetFileName(path)} is complete: {rows.Length} rows");
        }
        else
        {
            _complain($"{path}({same + 2}): the row is not the one that the checkpoint gives");
        }
    }

    private void CheckText(string path, string expected)
    {
        if (File.Exists(path) && File.ReadAllText(path) == expected)
        {
            _confirm($"{Path.GetFileName(path)} has the means of the checkpoint");
        }
        else
        {
            _complain($"{path} is not the one that the checkpoint gives");
        }
    }

    // Records compare their arrays by reference.
    private static bool IsSame(ThermoRow a, ThermoRow b) =>
        a.TemperatureBySpecies.SequenceEqual(b.TemperatureBySpecies)
        && a with { TemperatureBySpecies = [] } == b with { TemperatureBySpecies = [] };
}
