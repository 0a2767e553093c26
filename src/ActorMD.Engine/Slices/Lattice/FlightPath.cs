using System.Runtime.Intrinsics;

namespace ActorMD.Engine.Slices.Lattice;

/// <summary>A flight in lattice steps, and what is left of it from a moment on.</summary>
internal struct FlightPath
{
    /// <summary>Position in the middle of the slice, and displacement during half of it.</summary>
    public Vector128<int> Position, Flight;

    /// <summary>Centre of what is left, and how far it reaches to either side.</summary>
    public Vector128<int> Centre, Extent;

    /// <summary>The moment, tau in [-1, 1].</summary>
    public float Low;
}

/// <summary>A part of the flight of the particle that searches.</summary>
internal struct FlightPart
{
    public int Slot;

    /// <summary>First and last moment, and the one at which the particle is at the centre.</summary>
    public float From, To, Tau;

    public Vector128<float> Flight;
    public Vector128<short> Centre;

    /// <summary>How far the part reaches from its centre, and the reach of a contact.</summary>
    public Vector128<int> Limit;
}
