namespace ActorMD.Protocol.Messages;

/// <summary>What a request and its replies belong to.</summary>
/// <param name="Run">Counts the starts from a checkpoint: whatever belongs to an earlier one is void.</param>
/// <param name="Window">Counts the committed stretches of a run, from 1.</param>
/// <param name="Attempt">Counts the tries of a window, each with a thicker halo than the one before, from 0.</param>
public readonly record struct WindowId(int Run, long Window, int Attempt) : IComparable<WindowId>
{
    public int CompareTo(WindowId other)
    {
        int order = Run.CompareTo(other.Run);
        order = order != 0 ? order : Window.CompareTo(other.Window);
        return order != 0 ? order : Attempt.CompareTo(other.Attempt);
    }

    public override string ToString() => $"{Run}.{Window}.{Attempt}";
}

/// <summary>A moment between two events: all events up to and including it are done.</summary>
/// <param name="Epoch">Number of finished epochs.</param>
/// <param name="Time">Offset from the start of the epoch.</param>
public readonly record struct Cut(long Epoch, double Time);
