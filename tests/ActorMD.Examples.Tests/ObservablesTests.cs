using System.Globalization;

namespace ActorMD.Examples.Tests;

public sealed class ObservablesTests(ExampleRun<ObservablesTests> run)
    : ExampleTests(run), IExample, IClassFixture<ExampleRun<ObservablesTests>>
{
    public static string Name => "observables";

    [Fact]
    public void Z_is_the_same_by_contact_values_by_rates_and_by_impulses()
    {
        Header.AssertSays($"observable-rdf-virial.csv");
        double[] z = Cells("observable-rdf-virial.csv").Single().Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray();
        AssertAgrees(z[4], new BlockAverage(z[0], z[1]), relativeErrorMax: 0.01);
        AssertAgrees(z[4], new BlockAverage(z[2], z[3]), relativeErrorMax: 0.005);
    }

    [Fact]
    public void Every_observable_has_a_table_with_rows()
    {
        string[] files = Directory.GetFiles(Run.Folder.Directory, "observable-*.csv");
        Assert.Equal(15, files.Length);
        Assert.All(files, file => Assert.NotEmpty(Cells(Path.GetFileName(file))));
    }

    private IEnumerable<string[]> Cells(string file) => File.ReadLines(Path.Combine(Run.Folder.Directory, file))
        .Where(line => !line.StartsWith('#')).Skip(1).Select(line => line.Split(','));
}
