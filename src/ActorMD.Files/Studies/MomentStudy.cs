using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Kinetic.Theory;

namespace ActorMD.Files.Studies;

/// <summary>A validated study of velocity moments. Made by <see cref="MomentStudyFile"/>.</summary>
/// <param name="Name">Names the folder of the results.</param>
/// <param name="Seed">Of all draws.</param>
/// <param name="Cases">Homogeneous gases of one species, with the laws of velocities that are followed.</param>
/// <param name="Orders">Sets of orders that collide.</param>
/// <param name="Powers">p of the moments of |v|^p; even.</param>
/// <param name="Times">Rising, in mean free times of the pairs of the first case.</param>
/// <param name="Runs">Independent runs.</param>
/// <param name="Particles">Simulated particles of each.</param>
public sealed record MomentStudy(
    string Name,
    ulong Seed,
    ImmutableArray<Case> Cases,
    ImmutableArray<ImmutableArray<int>> Orders,
    ImmutableArray<int> Powers,
    ImmutableArray<double> Times,
    int Runs,
    int Particles)
{
    /// <summary>gamma of the kernel of every order of every set (<see cref="CollisionChannel.Exponent"/>); empty: hard spheres.</summary>
    public ImmutableArray<ImmutableArray<double>> Exponents { get; init; } = [];

    /// <summary>gamma of one order of a set.</summary>
    public double ExponentOf(int set, int order) => Exponents.IsEmpty ? 1 : Exponents[set][Orders[set].IndexOf(order)];
}
