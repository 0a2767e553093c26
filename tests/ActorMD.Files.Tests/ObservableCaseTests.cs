using ActorMD.Files.Cases;

namespace ActorMD.Files.Tests;

public class ObservableCaseTests
{
    [Fact]
    public void A_resolved_case_with_every_kind_of_observable_is_read_back_the_same()
    {
        Case @case = Cases.Valid(Cases.Observed);
        Assert.Equal(10, @case.Output.Observables.Length);
        Assert.Equal(@case.Output, Cases.Valid(CaseFile.Write(@case)).Output);
    }

    [Fact]
    public void Observables_leave_the_fingerprint_of_a_case_alone()
    {
        Case @case = Cases.Valid(Cases.Observed);
        Assert.Equal(CaseFingerprint.Of(@case with { Output = new OutputPlan(null) }), CaseFingerprint.Of(@case));
    }

    [Theory]
    [InlineData("kind: rdf, max: 0.25", "kind: rdf, max: 0.02", "do not exceed the largest contact distance")]
    [InlineData("kind: rdf, max: 0.25, bins: 50", "kind: rdf, bins: 1", "the number is 1")]
    [InlineData("kind: helfand", "kind: helmholtz", "is no value of")]
    [InlineData("kind: helfand", "kind: helfand, bins: 5", "the key 'bins' is not known")]
    [InlineData("name: short, kind: vacf", "name: msd, kind: vacf", "two observables are called 'msd'")]
    [InlineData("lags: { max: 0.5,", "lags: { max: 9,", "longer than the run after run.equilibrate")]
    [InlineData("boundary: periodic", "boundary: reflecting", "needs a box that is periodic on all sides")]
    [InlineData("  - { name: B, count: 200, mass: 4, diameter: 0.03 }\n", "", "needs two species, and the gas has 1")]
    [InlineData("axis: y", "axis: w", "the gas has no axis 'w'")]
    [InlineData("kind: collisions", "kind: collisions, every: 0", "the interval is 0")]
    public void What_cannot_be_measured_is_refused(string from, string to, string problem)
    {
        string yaml = Cases.Observed.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(Cases.Observed, yaml);
        Assert.Contains(Cases.Load(yaml).Faults, fault => fault.Problem.Contains(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1000, 0.1, 96)] // ten mean free times, 1/(4 sqrt(pi) n chi) = 0.952 with chi = (1 - y/2)/(1 - y)^3
    [InlineData(100, 50, 1)] // never more often than the rows of thermo.csv
    [InlineData(100, 0.1, 50)] // 20 states
    [InlineData(1, 0.1, 1)]
    public void Pairs_are_counted_as_often_as_it_pays(double until, double sample, double samplesApart)
    {
        string yaml = $$"""
            box: { lengths: [20, 20, 20], boundary: periodic }
            species:
              - { name: A, count: 1000, mass: 1, diameter: 1 }
            run: { until: {{until}}, sample: {{sample}} }
            output: { observables: [{ kind: rdf, max: 1.1 }, { name: often, kind: rdf, every: 0.01 }] }

            """;
        Case @case = Cases.Valid(yaml);
        Assert.Equal(samplesApart * sample, @case.Output.Observables[0].Every, 1e-9);
        Assert.Equal(0.01, @case.Output.Observables[1].Every);
    }
}
