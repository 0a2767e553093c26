using System.Collections.Immutable;
using ActorMD.Files.Studies;

namespace ActorMD.Studies.Convergence;

/// <summary>An ensemble as it is compared: bin by bin, or without bins where nothing depends on space.</summary>
internal sealed class Compared
{
    public Compared(StoredEnsemble stored, Study study, BinObservables observables)
    {
        Differences = study.IsHomogeneous ? stored.Ensemble.WithoutBins(study.BinCount) : stored.Ensemble;
        Narrow = stored.Narrow;
        Rows = observables.Rows(Differences.Average(0).Means, study.IsHomogeneous ? 1 : study.BinCount);
        // Chaos looks at bins in any case. Of a homogeneous solution every bin has the mean.
        BinRows = study.IsHomogeneous
            ? [.. Rows.Select((r, n) => new ObservableRow(n * study.BinCount, study.BinCount, r.Scale / study.BinCount))]
            : Rows;
    }

    public Ensemble Differences { get; }

    /// <summary>Values of <see cref="NarrowBins"/>.</summary>
    public Ensemble Narrow { get; }

    public ImmutableArray<ObservableRow> Rows { get; }

    public ImmutableArray<ObservableRow> BinRows { get; }
}

/// <summary>A rung with what the fits need: the particle system, and the kinetic equation with all corrections.</summary>
internal sealed record Climbed(LadderRung Rung, Compared Particles, Compared Kinetic);
