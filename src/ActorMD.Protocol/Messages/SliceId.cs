namespace ActorMD.Protocol.Messages;

/// <summary>What a request and its replies belong to.</summary>
/// <param name="Run">Counts the starts from a state: whatever belongs to an earlier one is void.</param>
/// <param name="Slice">Counts the time slices of a run that are done, from 1.</param>
/// <param name="Attempt">Counts the tries of a slice, from 0: one that is void is tried again, shorter.</param>
public readonly record struct SliceId(int Run, long Slice, int Attempt) : IComparable<SliceId>
{
    public int CompareTo(SliceId other)
    {
        int order = Run.CompareTo(other.Run);
        order = order != 0 ? order : Slice.CompareTo(other.Slice);
        return order != 0 ? order : Attempt.CompareTo(other.Attempt);
    }

    public override string ToString() => $"{Run}.{Slice}.{Attempt}";
}

/// <summary>A moment between two events: all events up to and including it are done.</summary>
/// <param name="Epoch">Number of finished epochs.</param>
/// <param name="Time">Offset from the start of the epoch.</param>
public readonly record struct Cut(long Epoch, double Time);
