using System.Collections.Immutable;

namespace ActorMD.Report.Scenes;

/// <summary>Particles in a box at some moments, in so few bytes that a page can carry them.</summary>
/// <param name="Title">Above it.</param>
/// <param name="Dimension">2 or 3.</param>
/// <param name="Lengths">Of the box; the third is 0 in two dimensions.</param>
/// <param name="Species">Name and radius of each.</param>
/// <param name="SpeciesOf">Of each shown particle.</param>
/// <param name="Times">Of the frames, simulation time.</param>
/// <param name="Positions">Frame by frame, particle by particle, x, y, z as shares of the box in 1/65535.</param>
/// <param name="Speeds">The same of the speeds, as shares of <paramref name="SpeedMax"/> in 1/255; empty without velocities.</param>
/// <param name="SpeedMax">Of the colours.</param>
/// <param name="Note">Which particles and frames are shown.</param>
internal sealed record Scene(
    string Title, int Dimension, double[] Lengths, ImmutableArray<(string Name, double Radius)> Species, byte[] SpeciesOf, double[] Times,
        ushort[] Positions, byte[] Speeds,
    double SpeedMax, string Note);
