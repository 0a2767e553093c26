using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Files.Cases;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.Ensembles;
using ActorMD.Files.Events;
using ActorMD.Files.Inputs;
using ActorMD.Files.Manifests;
using ActorMD.Files.RunFolders;
using ActorMD.Files.Series;
using ActorMD.Files.Studies;
using ActorMD.Physics;
using ActorMD.Physics.Overlaps;
using ActorMD.Runs.Observables;
using ActorMD.Runs.Sessions;

namespace ActorMD.Runs.Verification;

/// <summary>What a check of a run folder found.</summary>
/// <param name="Checked">What was looked at and is right, one clause each.</param>
/// <param name="Problems">What is wrong, one sentence each.</param>
public sealed record RunVerdict(ImmutableArray<string> Checked, ImmutableArray<string> Problems)
{
    public bool IsSound => Problems.IsEmpty;
}

/// <summary>Checks a finished run from its files alone: checksums, digest, overlaps, conservation, completeness.</summary>
public sealed class RunVerifier
{
    private readonly RunFolder _folder;
    private readonly ImmutableArray<string>.Builder _checked = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string>.Builder _problems = ImmutableArray.CreateBuilder<string>();

    private RunVerifier(RunFolder folder) => _folder = folder;

    public static RunVerdict Verify(RunFolder folder)
    {
        RunVerifier verifier = new(folder);
        verifier.CheckAll();
        return new RunVerdict(verifier._checked.ToImmutable(), verifier._problems.ToImmutable());
    }

    /// <summary>Checks the folder of a study of convergence or of moments.</summary>
    public static RunVerdict Verify(StudyFolder folder)
    {
        RunVerifier verifier = new(new RunFolder(folder.Directory));
        verifier.CheckManifest(folder.Directory, folder.ManifestPath, folder.IsFinished);
        if (folder.IsFinished)
        {
            verifier.Confirm("the study is finished");
        }
        else
        {
            verifier.Complain($"the study is not finished; go on with 'actormd resume {folder.Directory}'");
        }

        return new RunVerdict(verifier._checked.ToImmutable(), verifier._problems.ToImmutable());
    }

    private void CheckManifest(string directory, string path, bool isFinished)
    {
        // A run that was killed, or is going on, has none.
        if (!isFinished && !File.Exists(path))
        {
            return;
        }

        if (Try(() => RunManifest.Read(path)) is { } manifest)
        {
            ImmutableArray<string> problems = manifest.Check(directory);
            foreach (string problem in problems)
            {
                Complain(problem);
            }

            if (problems.IsEmpty)
            {
                Confirm($"all {manifest.Files.Length} files have the checksums of the sealed manifest");
            }
        }
    }

    private void CheckSeries()
    {
        if (!File.Exists(_folder.SummaryPath))
        {
            Complain($"the series is not finished; go on with 'actormd resume {_folder.Directory}'");
        }
        else if (HierarchySummary.TryParse(File.ReadAllText(_folder.SummaryPath)) is null)
        {
            Complain($"{_folder.SummaryPath} is no summary of a series");
        }
        else
        {
            Confirm("the series is finished");
        }
    }

    private void CheckAll()
    {
        if (File.Exists(_folder.DiagnosisPath))
        {
            Complain($"the run was stopped by a violation of the physics; see {_folder.DiagnosisPath}");
        }

        CaseLoad load = CaseFile.Load(_folder.CasePath, [], readParticles: false);
        if (load.Case is not { } @case)
        {
            foreach (InputFault fault in load.Faults)
            {
                Complain(fault.ToString());
            }

            return;
        }

        Confirm("case.yaml is a valid case");
        CheckManifest(_folder.Directory, _folder.ManifestPath, isFinished: File.Exists(_folder.SummaryPath));
        if (_folder.Command?.StartsWith("hierarchy ", StringComparison.Ordinal) == true)
        {
            CheckSeries();
            return;
        }

        RunSummary? summary = Try(() => RunSummary.Read(_folder.SummaryPath));
        if (summary?.Kinetic is { } kinetic)
        {
            CheckKinetic(@case, summary, kinetic);
            return;
        }

        EnsembleStore ensembles = new(_folder.CheckpointDirectory);
        if (ensembles.Exists)
        {
            CheckEnsemble(@case, ensembles, summary);
            return;
        }

        ImmutableArray<string> complaints = [];
        Checkpoint? checkpoint = Try(() => new CheckpointStore(_folder.CheckpointDirectory).ReadNewestSound(out complaints));
        foreach (string complaint in complaints)
        {
            Complain(complaint);
        }

        if (checkpoint is null)
        {
            return;
        }

        if (checkpoint.Fingerprint != CaseFingerprint.Of(@case) || checkpoint.Gas != @case.Gas)
        {
            Complain($"the checkpoints in {_folder.CheckpointDirectory} belong to another case than case.yaml");
            return;
        }

        if (complaints.IsEmpty)
        {
            Confirm("the checkpoints have the right checksums");
        }

        CheckEnd(@case, checkpoint, summary);
        CheckState(@case, checkpoint, summary);
        CheckFiles(@case, checkpoint);
    }

    private void CheckEnsemble(Case @case, EnsembleStore store, RunSummary? summary) => Try(() =>
    {
        EnsembleCheckpoint checkpoint = store.Read(out string? complaint);
        if (complaint is not null)
        {
            Complain(complaint);
        }

        new EnsembleCheck(_folder, Confirm, Complain).Check(@case, checkpoint, summary);
        return true;
    });

    // A kinetic solution has no checkpoints: its rows are complete, and its collisions keep the energy.
    private void CheckKinetic(Case @case, RunSummary summary, KineticSummary kinetic)
    {
        const double DriftMax = 1e-10;
        RegularTimes samples = new(@case.Run.Sample, @case.Run.Until, @case.Run.Times);
        int rowCount = Try(() => ThermoReader.Read(_folder.ThermoPath, @case.Gas)) is { IsDefault: false } rows ? rows.Length : 0;
        if (rowCount != samples.LastIndex + 1)
        {
            Complain($"{_folder.ThermoPath} has {rowCount} rows; the case asks for {samples.LastIndex + 1}");
        }
        else
        {
            Confirm($"thermo.csv has its {rowCount} rows, means of {kinetic.Runs} runs");
        }

        if (summary.Energy.RelativeDrift is { } drift && !(Math.Abs(drift) < DriftMax))
        {
            Complain(FormattableString.Invariant($"the energy has drifted by a share of {drift}"));
        }
        else
        {
            Confirm("collisions have kept the energy");
        }
    }

    private void CheckEnd(Case @case, Checkpoint checkpoint, RunSummary? summary)
    {
        // The cut's absolute time is rebuilt from an epoch and an offset: it may differ from the end in its last digit.
        double missing = @case.Run.Until - checkpoint.State.AbsoluteTime;
        if (missing > 1e-12 * @case.Run.Until)
        {
            Complain(string.Create(
                CultureInfo.InvariantCulture,
                $"the run is not finished: its newest checkpoint is of time {checkpoint.State.AbsoluteTime}, its end is {@case.Run.Until}; "
                    + $"go on with 'actormd resume {_folder.Directory}'"));
        }
        else
        {
            Confirm(FormattableString.Invariant($"the run reached its end at time {@case.Run.Until}"));
        }

        if (summary is null)
        {
            return;
        }

        Compare("particles", summary.Particles, checkpoint.State.Particles.Length);
        Compare("name", summary.Name, @case.Name);
        for (int order = 2; order < checkpoint.Tally.OrderCounts.Length; order++)
        {
            string key = SummaryKeys.Order(order);
            Compare($"events.{key}", summary.Events.GetValueOrDefault(key), checkpoint.Tally.OrderCounts[order]);
        }

        string digest = StateDigest.Of(checkpoint.State);
        Compare("digest", summary.Digest, digest);
        if (summary.Digest == digest)
        {
            Confirm("the digest of the final checkpoint is that of summary.json");
        }
    }

    private void CheckState(Case @case, Checkpoint checkpoint, RunSummary? summary)
    {
        SystemState state = checkpoint.State;
        if (!state.CountSpecies(@case.Gas).AsSpan().SequenceEqual(@case.Counts.AsSpan()))
        {
            Complain("the checkpoint does not have the case's number of particles of every species");
        }

        if (OverlapLimit.Violation(OverlapCheck.Find(@case.Gas, state)) is { } overlap)
        {
            Complain($"the phase space is violated: {overlap}");
        }
        else
        {
            Confirm(@case.Gas.Zones.IsEmpty ? "no spheres overlap" : "no spheres overlap and no zone is violated");
        }

        VelocityMoments moments = VelocityMoments.Of(@case.Gas, state);
        Drift drift = Drift.Since(checkpoint.Progress, @case.Gas.Box, moments);
        if (drift.Violation(Tolerance(checkpoint)) is { } violation)
        {
            Complain(violation);
        }
        else
        {
            Confirm(FormattableString.Invariant($"energy is conserved to a relative {Math.Abs(drift.Energy ?? 0):g2}"));
        }

        if (summary is not null)
        {
            Compare("energy.final", summary.Energy.Final, moments.Energy);
        }
    }

    private void CheckFiles(Case @case, Checkpoint checkpoint)
    {
        RegularTimes samples = new(@case.Run.Sample, @case.Run.Until, @case.Run.Times);
        if (Try(() => ThermoReader.Read(_folder.ThermoPath, @case.Gas)) is { IsDefault: false } rows)
        {
            CheckThermo(samples, rows, checkpoint);
        }

        if (@case.Output.Trajectory is { } plan)
        {
            string path = _folder.TrajectoryPath(plan.Format);
            long length = File.Exists(path) ? new FileInfo(path).Length : -1;
            CheckLength(path, length, checkpoint.Progress.TrajectoryLength);
        }

        if (@case.Output.Events is { } events)
        {
            CheckLength(
                _folder.EventsPath, File.Exists(_folder.EventsPath) ? new FileInfo(_folder.EventsPath).Length : -1,
                checkpoint.Progress.EventsLength);
            Try(() => CheckEvents(events, checkpoint));
        }
    }

    // Whole events in their order, each with the momentum and energy that it had, and as many as were counted.
    private bool CheckEvents(EventPlan plan, Checkpoint checkpoint)
    {
        EventLogCheck check = new(checkpoint.Gas, checkpoint.State);
        EventLogReader.Read(_folder.EventsPath, _ => { }, check.Visit);
        if (check.Problem is { } problem)
        {
            Complain($"{_folder.EventsPath}: {problem}");
        }
        else if (plan.IsWhole && !check.OrderCounts.SequenceEqual(checkpoint.Tally.OrderCounts))
        {
            Complain(
                $"{_folder.EventsPath} has {check.OrderCounts.Sum()} events; the newest checkpoint counts {checkpoint.Tally.EventCount}");
        }
        else
        {
            Confirm($"run.events is whole and in order: {check.OrderCounts.Sum()} events");
        }

        return true;
    }

    private void CheckThermo(RegularTimes samples, ImmutableArray<ThermoRow> rows, Checkpoint checkpoint)
    {
        int problemsBefore = _problems.Count;
        long expected = samples.LastIndex + 1;
        if (rows.Length != expected)
        {
            Complain($"{_folder.ThermoPath} has {rows.Length} rows; the case asks for {expected}");
        }

        CheckLength(_folder.ThermoPath, new FileInfo(_folder.ThermoPath).Length, checkpoint.Progress.ThermoLength);
        double tolerance = Tolerance(checkpoint);
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].Time != samples[i])
            {
                Complain(FormattableString.Invariant(
                    $"{_folder.ThermoPath}({i + 2}): the row is of time {rows[i].Time}, expected is {samples[i]}"));
                break;
            }

            double initial = checkpoint.Progress.InitialEnergy;
            if (rows[i].Energy is not { } energy || !(Math.Abs(energy - initial) <= tolerance * initial))
            {
                Complain(FormattableString.Invariant(
                    $"{_folder.ThermoPath}({i + 2}): the energy is {rows[i].Energy}, at the beginning it was {initial}"));
                break;
            }
        }

        if (_problems.Count == problemsBefore)
        {
            Confirm($"thermo.csv is complete: {rows.Length} rows");
        }
    }

    private static double Tolerance(Checkpoint checkpoint) => Drift.Tolerance(
        (double)checkpoint.Tally.EventCount * checkpoint.Gas.OrderMax / checkpoint.State.Particles.Length);

    private void CheckLength(string path, long found, long expected)
    {
        if (found < 0)
        {
            Complain($"{path} is missing");
        }
        else if (found != expected)
        {
            Complain($"{path} has {found} bytes; the newest checkpoint says {expected}");
        }
    }

    private void Compare<T>(string key, T inSummary, T expected)
        where T : IEquatable<T>
    {
        if (!inSummary.Equals(expected))
        {
            Complain(FormattableString.Invariant($"{_folder.SummaryPath}: {key} is {inSummary}, the final checkpoint gives {expected}"));
        }
    }

    private T? Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InputFaultException fault)
        {
            Complain(fault.Message);
            return default;
        }
    }

    private void Confirm(string clause) => _checked.Add(clause);

    private void Complain(string sentence) => _problems.Add(sentence);
}
