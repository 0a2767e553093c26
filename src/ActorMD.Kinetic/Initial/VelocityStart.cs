using ActorMD.Physics;
using ActorMD.Physics.Numerics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Initial;

/// <summary>Velocities at time 0: as their laws say, then exact totals where they are asked for.</summary>
internal static class VelocityStart
{
    public static Vec3[] Draw(
        Gas gas, int[] kinds, Vec3[] positions, VelocityPlan plan, ulong seed, int workerCount, CancellationToken cancellation)
    {
        Vec3[] velocities = LargeArray.Of<Vec3>(kinds.Length);
        Parts parts = new(kinds.Length, workerCount, cancellation);
        parts.ForIds(part =>
        {
            (int first, int end) = parts.IdsOf(part);
            for (int id = first; id < end; id++)
            {
                (int species, double mass, _) = gas.Kinds[kinds[id]];
                CounterRandom random = new(seed, RandomStream.InitialVelocities, (uint)id);
                velocities[id] = plan.Species[species].Draw(ref random, positions[id], gas.Box, mass);
            }
        });
        if (plan.TotalMomentum is null && plan.TotalEnergy is null && !plan.Rescale)
        {
            return velocities;
        }

        double[] masses = LargeArray.Of<double>(kinds.Length);
        parts.ForIds(part =>
        {
            (int first, int end) = parts.IdsOf(part);
            for (int id = first; id < end; id++)
            {
                masses[id] = gas.Kinds[kinds[id]].Mass;
            }
        });
        FixTotals(velocities, masses, plan, parts);
        if (plan.Rescale)
        {
            Rescale(velocities, masses, kinds, gas, plan, parts);
        }

        return velocities;
    }

    // Scaling one species moves the mean velocity of the gas a little, about which all are scaled: a few rounds, each closer.
    private static void Rescale(Vec3[] velocities, double[] masses, int[] kinds, Gas gas, VelocityPlan plan, Parts parts)
    {
        const int RoundCount = 30;
        for (int round = 0; round < RoundCount; round++)
        {
            (Vec3 momentum, double mass) = Momentum(velocities, masses, parts);
            Vec3 mean = momentum * (1 / mass);
            ExactSum[] energies = [.. gas.Species.Select(_ => new ExactSum())];
            int[] counts = new int[energies.Length];
            for (int id = 0; id < velocities.Length; id++)
            {
                energies[gas.Kinds[kinds[id]].Species].Add(0.5 * masses[id] * (velocities[id] - mean).LengthSquared);
                counts[gas.Kinds[kinds[id]].Species]++;
            }

            double[] factors = [.. energies.Select((energy, a) => Factor(energy.Value, counts[a], plan.Species[a].TemperatureIn(gas.Box)))];
            for (int id = 0; id < velocities.Length; id++)
            {
                velocities[id] = mean + factors[gas.Kinds[kinds[id]].Species] * (velocities[id] - mean);
            }

            if (plan.TotalMomentum is { } kept)
            {
                Shift(velocities, masses, kept, parts);
            }
        }

        double Factor(double energy, int count, double temperature) =>
            energy > 0 ? Math.Sqrt(0.5 * gas.Dimension * count * temperature / energy) : 1;
    }

    /// <summary>Shifts and scales the velocities to the totals of the plan, where it has any.</summary>
    public static void FixTotals(Vec3[] velocities, double[] masses, VelocityPlan plan, Parts parts)
    {
        if (plan.TotalMomentum is { } momentum)
        {
            Shift(velocities, masses, momentum, parts);
        }

        if (plan.TotalEnergy is { } energy)
        {
            Scale(velocities, masses, energy, keepMomentum: plan.TotalMomentum is not null, parts);
            if (plan.TotalMomentum is { } kept)
            {
                Shift(velocities, masses, kept, parts); // what the scaling's rounding has left
            }
        }
    }

    private static void Shift(Vec3[] velocities, double[] masses, Vec3 momentum, Parts parts)
    {
        // The second pass removes the rounding of the first.
        for (int pass = 0; pass < 2; pass++)
        {
            (Vec3 present, double mass) = Momentum(velocities, masses, parts);
            Vec3 shift = (momentum - present) * (1 / mass);
            parts.ForIds(part =>
            {
                (int first, int end) = parts.IdsOf(part);
                foreach (ref Vec3 velocity in velocities.AsSpan(first, end - first))
                {
                    velocity += shift;
                }
            });
        }
    }

    private static void Scale(Vec3[] velocities, double[] masses, double energy, bool keepMomentum, Parts parts)
    {
        (Vec3 momentum, double mass) = Momentum(velocities, masses, parts);
        Vec3 mean = momentum * (1 / mass);
        // A lone particle has no motion about the mean: then its speed is scaled, unless its momentum was prescribed.
        if (velocities.Length == 1 && !keepMomentum)
        {
            mean = Vec3.Zero;
        }

        double meanMotion = 0.5 * mass * mean.LengthSquared;
        double rounding = 1e-13 * Math.Max(energy, meanMotion);
        double wanted = energy - meanMotion;
        if (wanted < -rounding)
        {
            throw InitialStateException.EnergyBelowMeanMotion(energy, meanMotion);
        }

        double present = InternalEnergy(velocities, masses, mean);
        if (!(present > rounding))
        {
            if (wanted > rounding)
            {
                throw InitialStateException.NothingToScale(energy, meanMotion);
            }

            return;
        }

        double factor = Math.Sqrt(Math.Max(wanted, 0) / present);
        foreach (ref Vec3 velocity in velocities.AsSpan())
        {
            velocity = mean + factor * (velocity - mean);
        }
    }

    // Sums are exact: it does not matter which part is added first.
    private static (Vec3 Momentum, double Mass) Momentum(Vec3[] velocities, double[] masses, Parts parts)
    {
        ExactSum x = new(), y = new(), z = new(), mass = new();
        parts.ForIds(part =>
        {
            (int first, int end) = parts.IdsOf(part);
            ExactSum partX = new(), partY = new(), partZ = new(), partMass = new();
            for (int id = first; id < end; id++)
            {
                Vec3 p = masses[id] * velocities[id];
                partX.Add(p.X);
                partY.Add(p.Y);
                partZ.Add(p.Z);
                partMass.Add(masses[id]);
            }

            lock (mass)
            {
                x.Add(partX);
                y.Add(partY);
                z.Add(partZ);
                mass.Add(partMass);
            }
        });

        return (new Vec3(x.Value, y.Value, z.Value), mass.Value);
    }

    private static double InternalEnergy(ReadOnlySpan<Vec3> velocities, ReadOnlySpan<double> masses, Vec3 mean)
    {
        ExactSum sum = new();
        for (int id = 0; id < velocities.Length; id++)
        {
            sum.Add(0.5 * masses[id] * (velocities[id] - mean).LengthSquared);
        }

        return sum.Value;
    }
}
