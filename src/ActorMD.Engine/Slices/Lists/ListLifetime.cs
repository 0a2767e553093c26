namespace ActorMD.Engine.Slices.Lists;

/// <summary>How long lists of neighbours have served, and whether new ones are due.</summary>
/// <remarks>
/// They serve as long as a slice moves fewer spheres than an average one since the lists were made, with the lists' own cost counted in.
/// </remarks>
internal sealed class ListLifetime
{
    private int _sliceCount; // that these lists have served
    private long _moveCountBefore; // before the last slice

    /// <summary>Spheres that have moved since the lists were made.</summary>
    public long MoveCount { get; set; }

    /// <summary>What new lists cost, in spheres that are moved, per particle. Measured.</summary>
    public double CostOfLists { get; set; } = 0.2;

    /// <summary>Whether the lists have room for what several threads add.</summary>
    public bool HasShares { get; set; }

    /// <summary>Whether the lists serve for one more slice.</summary>
    public bool IsGood(int particleCount) =>
        _sliceCount > 0 && (MoveCount - _moveCountBefore) * (double)_sliceCount < CostOfLists * particleCount + MoveCount;

    /// <summary>New lists are made for a slice.</summary>
    public void Begin() => (_sliceCount, MoveCount, _moveCountBefore, HasShares) = (1, 0, 0, false);

    /// <summary>The lists are going to serve for one more slice.</summary>
    public void BeginSlice() => _moveCountBefore = MoveCount;

    /// <summary>They have been kept for it.</summary>
    public void Kept() => _sliceCount++;

    /// <summary>The lists are of no use any more.</summary>
    public void End() => _sliceCount = 0;
}
