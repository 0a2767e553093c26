using ActorMD.Observables.Measuring;
using ActorMD.Observables.Plans;
using ActorMD.Physics;

namespace ActorMD.Observables.Paths;

/// <summary>Mean squared displacements or velocity autocorrelations: two views of <see cref="PathCorrelations"/>.</summary>
/// <param name="plan">Which of them.</param>
/// <param name="gas">What is simulated.</param>
/// <param name="paths">May be shared.</param>
/// <param name="isOwner">Whether this one hands the events on, and saves the paths.</param>
internal sealed class PathObservable(ObservablePlan plan, Gas gas, PathCorrelations paths, bool isOwner) : Observable(plan, gas)
{
    public override IEnumerable<Type> TypesThatMeasure => [typeof(PathObservable), typeof(PathCorrelations)];

    public override void Prepare()
    {
        if (isOwner)
        {
            paths.Prepare();
        }
    }

    public override void Begin(SystemState state, EventTally tally)
    {
        if (isOwner)
        {
            paths.Begin(state);
        }
    }

    public override void OnEvent(in EventView happened)
    {
        if (isOwner)
        {
            paths.OnEvent(happened);
        }
    }

    public override void OnPairs(in PairList pairs)
    {
        if (isOwner)
        {
            paths.OnPairs(pairs);
        }
    }

    public override void AdvanceTo(double time)
    {
        if (isOwner)
        {
            paths.AdvanceTo(time);
        }
    }

    public override void Save(BinaryWriter writer)
    {
        if (isOwner)
        {
            paths.Save(writer);
        }
    }

    public override void Load(BinaryReader reader)
    {
        if (isOwner)
        {
            paths.Load(reader);
        }
    }

    public override IEnumerable<ObservableTable> Tables()
    {
        bool isVacf = Plan.Kind == ObservableKind.Vacf;
        string what = isVacf ? "vacf" : "msd";
        List<string> columns = ["time", "origins"];
        foreach (Species species in Gas.Species)
        {
            columns.AddRange([$"{what}_{species.Name}", $"{what}_{species.Name}_error", $"diffusion_{species.Name}"]);
        }

        List<object[]> rows = [];
        double[] integrals = new double[Gas.Species.Length];
        for (int lag = 0; lag < paths.LagCount && paths.OriginCount(lag) > 0; lag++)
        {
            List<object> row = [paths.Lag(lag), paths.OriginCount(lag)];
            for (int a = 0; a < Gas.Species.Length; a++)
            {
                row.Add(isVacf ? paths.Velocity(lag, a) : paths.Displacement(lag, a));
                row.Add(isVacf ? paths.VelocityError(lag, a) : paths.DisplacementError(lag, a));
                row.Add(isVacf ? Integral(lag, a, ref integrals[a]) : Slope(lag, a));
            }

            rows.Add([.. row]);
        }

        yield return new ObservableTable(
            "",
            isVacf
                ?
                [
                    "Velocity autocorrelation <v(0).v(t)>, mean over particles and origins of time.",
                    "time: delay. origins: from how many. vacf_(species): length^2/time^2, with its standard error.",
                    "diffusion_(species): integral of vacf from 0 to the delay, over the dimension (trapezoids): length^2/time.",
                ]
                :
                [
                    "Mean squared displacement <|r(t) - r(0)|^2>, mean over particles and origins of time.",
                    "time: delay. origins: from how many. msd_(species): length^2, with its standard error.",
                    "diffusion_(species): slope of msd since the delay before, over twice the dimension: length^2/time.",
                ],
            [.. columns],
            rows);
    }

    private double Slope(int lag, int species) => lag == 0
        ? double.NaN
        : (paths.Displacement(lag, species) - paths.Displacement(lag - 1, species))
            / (2 * Gas.Dimension * (paths.Lag(lag) - paths.Lag(lag - 1)));

    private double Integral(int lag, int species, ref double integral)
    {
        if (lag > 0)
        {
            double mean = 0.5 * (paths.Velocity(lag, species) + paths.Velocity(lag - 1, species));
            integral += mean * (paths.Lag(lag) - paths.Lag(lag - 1)) / Gas.Dimension;
        }

        return integral;
    }
}
