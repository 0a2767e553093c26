using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Hierarchy.Geometry;

/// <summary>A family of sets that grow with a parameter eta: a draw lies in all of them whose eta is at least its critical value.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Source">Paper and number.</param>
/// <param name="Parameter">What eta is.</param>
/// <param name="Proved">The exponent of eta in the proved bound.</param>
/// <param name="Expected">The true exponent, in closed form or measured before; null: not known.</param>
/// <param name="Closed">The measure, relative to that of all draws, in closed form; null: none.</param>
/// <param name="Draw">The critical value of one draw; infinity for a draw in none of them.</param>
public sealed record GeometricFamily(
    string Name, string Source, string Parameter, double Proved, double? Expected, Func<double, double>? Closed, CriticalDraw Draw);

/// <summary>Draws the critical value of a family of sets.</summary>
/// <param name="random">Of the draw.</param>
public delegate double CriticalDraw(ref CounterRandom random);
