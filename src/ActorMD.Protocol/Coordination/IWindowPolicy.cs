namespace ActorMD.Protocol.Coordination;

/// <summary>Chooses the length of the next window from how the last ones went.</summary>
public interface IWindowPolicy
{
    /// <summary>Length of the next window, simulation time; positive.</summary>
    double NextLength();

    /// <summary>A moment of a window without differences, up to which it is to be committed: its end, unless in tests.</summary>
    double AcceptedEnd(double start, double end);

    /// <summary>A window of this length was committed as a whole, although it would have been accepted at any length.</summary>
    /// <param name="length">How long it was.</param>
    /// <param name="spareLayers">So many layers of the halo next to the blocks were free of false histories everywhere.</param>
    void Accepted(double length, double spareLayers);

    /// <summary>A window of this length was shortened, and so much of it was committed.</summary>
    void Shortened(double length, double committed);
}
