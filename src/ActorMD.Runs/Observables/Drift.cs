using ActorMD.Files.Checkpoints;
using ActorMD.Physics;

namespace ActorMD.Runs.Observables;

/// <summary>How far the conserved quantities have moved by rounding, and how far they may.</summary>
/// <param name="Energy">(E - E_0) / E_0; null when nothing moves.</param>
/// <param name="Momentum">
/// |P - P_0| / sqrt(2 M E_0), M the total mass, over the axes without walls; null when nothing moves or no axis is left.
/// </param>
/// <param name="AngularMomentum">|L - L_0| / (sqrt(2 M E_0) |box|) in open space, otherwise null.</param>
public sealed record Drift(double? Energy, double? Momentum, double? AngularMomentum)
{
    // Every participant's energy and momentum is rounded a few times per event; the worst case adds them all up. The floor
    // allows for some hundred events of one particle that carries most of the energy.
    private const double ToleranceFloor = 1e-12;
    private const double TolerancePerEvent = 1e-14;

    /// <summary>The change since the beginning of a run.</summary>
    public static Drift Since(RunProgress start, Box box, VelocityMoments now)
    {
        double energy = start.InitialEnergy;
        if (!(energy > 0))
        {
            return new Drift(null, null, null);
        }

        // The total momentum if all particles moved alike: no sum of |momenta| exceeds it.
        double scale = Math.Sqrt(2 * now.Mass * energy);
        Vec3 change = now.Momentum - start.InitialMomentum;
        double sum = 0;
        bool conserved = false;
        for (int axis = 0; axis < box.Dimension; axis++)
        {
            if (!box.IsReflecting(axis))
            {
                sum += change[axis] * change[axis];
                conserved = true;
            }
        }

        double? angular = now.AngularMomentum is { } spin
            ? Math.Sqrt((spin - start.InitialAngularMomentum).LengthSquared) / (scale * Math.Sqrt(box.Lengths.LengthSquared))
            : null;
        return new Drift((now.Energy - energy) / energy, conserved ? Math.Sqrt(sum) / scale : null, angular);
    }

    /// <summary>The largest drift that rounding explains, relative.</summary>
    /// <param name="eventsPerParticle">Events that one particle took part in, on average.</param>
    public static double Tolerance(double eventsPerParticle) => ToleranceFloor + TolerancePerEvent * eventsPerParticle;

    /// <summary>Names what exceeds the tolerance; null when all is well.</summary>
    public string? Violation(double tolerance)
    {
        (string Name, double? Value)[] drifts =
            [("energy", Energy), ("momentum", Momentum), ("angular momentum", AngularMomentum)];
        foreach ((string name, double? value) in drifts)
        {
            if (value is { } drift && !(Math.Abs(drift) <= tolerance))
            {
                return FormattableString.Invariant(
                    $"the {name} drifted by a relative {drift:g3}; rounding explains at most {tolerance:g3}");
            }
        }

        return null;
    }
}
