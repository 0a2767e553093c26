using System.Collections.Immutable;
using ActorMD.Observables.Collisions;
using ActorMD.Observables.Currents;
using ActorMD.Observables.Measuring;
using ActorMD.Observables.Paths;
using ActorMD.Observables.Plans;
using ActorMD.Observables.Structure;
using ActorMD.Observables.Velocities;
using ActorMD.Physics;

namespace ActorMD.Observables;

/// <summary>Makes what measures from what is asked for.</summary>
internal static class ObservableFactory
{
    public static Observable[] Create(Gas gas, SystemState state, int[] speciesOf, ImmutableArray<ObservablePlan> plans)
    {
        PathCorrelations?[] paths = new PathCorrelations?[plans.Length];
        Observable[] all = new Observable[plans.Length];
        for (int k = 0; k < all.Length; k++)
        {
            ObservablePlan plan = plans[k];
            all[k] = plan.Kind switch
            {
                ObservableKind.Rdf => new RadialDistribution(plan, gas, speciesOf),
                ObservableKind.StructureFactor => new StructureFactor(plan, gas, speciesOf),
                ObservableKind.Msd or ObservableKind.Vacf => PathsOf(k),
                ObservableKind.Helfand => new HelfandMoments(
                    plan, gas, gas.HasOwnSizes ? Array.ConvertAll(state.Particles, particle => gas.Kinds[particle.Kind].Mass) : null),
                ObservableKind.MutualDiffusion => new MutualDiffusion(plan, gas, speciesOf),
                ObservableKind.Collisions => new CollisionStatistics(plan, gas, speciesOf.Length),
                ObservableKind.Velocities => new VelocityDistribution(plan, gas, speciesOf),
                ObservableKind.HFunction => new HFunction(plan, gas),
                ObservableKind.Profile => new AxisProfile(plan, gas),
                _ => throw new ArgumentException($"no observable is of the kind {plan.Kind}", nameof(plans)),
            };
        }

        return all;

        // Displacements and autocorrelations of the same delays come from the same paths.
        PathObservable PathsOf(int own)
        {
            ObservablePlan plan = plans[own];
            for (int before = 0; before < own; before++)
            {
                if (paths[before] is { } known && plans[before].Every == plan.Every && plans[before].Lags == plan.Lags)
                {
                    return new PathObservable(plan, gas, known, isOwner: false);
                }
            }

            PathCorrelations made = paths[own] = new PathCorrelations(gas, speciesOf, plan.Every, plan.Lags!);
            return new PathObservable(plan, gas, made, isOwner: true);
        }
    }
}
