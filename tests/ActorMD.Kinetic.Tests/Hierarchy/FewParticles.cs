using ActorMD.Kinetic.Hierarchy;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Tests.Hierarchy;

/// <summary>Means over many small gases that start from the conditioned law: what the BBGKY series must add up to.</summary>
internal static class FewParticles
{
    /// <summary>Mean and standard error of every observable of the model, of one or two tracked particles, at a time.</summary>
    public static (double Mean, double Error)[] Simulate(SeriesModel model, InitialData data, double time, int replicas, ulong seed)
    {
        int[] species = [.. model.Counts.SelectMany((number, a) => Enumerable.Repeat(a, number))];
        int observables = model.Observables.Length;
        (double Sum, double Squares)[][] blocks = [.. Enumerable.Range(0, 16).AsParallel().AsOrdered().Select(block =>
        {
            FlowOfFew flow = new(model.Gas);
            PhaseSpaceOfFew space = new(model.Gas);
            CounterRandom random = new(seed, RandomStream.Testing, (uint)block);
            Vec3[] positions = new Vec3[species.Length], velocities = new Vec3[species.Length];
            (double Sum, double Squares)[] sums = new (double, double)[observables];
            for (int replica = 0; replica < replicas / 16; replica++)
            {
                do
                {
                    for (int i = 0; i < species.Length; i++)
                    {
                        positions[i] = new PositionLaw(model.Gas.Box, 0, data.Positions.DensityOf(species[i])).Draw(ref random);
                    }
                }
                while (!space.Holds(species, positions, 0));
                for (int i = 0; i < species.Length; i++)
                {
                    // Reversed: the flow goes back in time.
                    velocities[i] = -data.Velocities.Species[species[i]]
                        .Draw(ref random, positions[i], model.Gas.Box, model.Gas.Species[species[i]].Mass);
                }

                flow.GoBack(species, positions, velocities, time);
                for (int n = 0; n < observables; n++)
                {
                    double value = model.Tracked.Length == 1 ? OfOne(n) : OfTwo(n);
                    sums[n].Sum += value;
                    sums[n].Squares += value * value;
                }

                double OfOne(int n) =>
                    Mine(0).Average(i => model.Observables[n].At([species[i]], [positions[i]], [-velocities[i]], model.Scales));

                double OfTwo(int n) => Mine(0).SelectMany(i => Mine(1).Where(j => j != i), (i, j) => model.Observables[n].At(
                    [species[i], species[j]], [positions[i], positions[j]], [-velocities[i], -velocities[j]], model.Scales)).Average();

                IEnumerable<int> Mine(int place) => Enumerable.Range(0, species.Length).Where(i => species[i] == model.Tracked[place]);
            }

            return sums;
        })];
        double total = replicas / 16 * 16;
        return [.. Enumerable.Range(0, observables).Select(n =>
        {
            double mean = blocks.Sum(b => b[n].Sum) / total, squares = blocks.Sum(b => b[n].Squares) / total;
            return (mean, Math.Sqrt((squares - mean * mean) / total));
        })];
    }
}
