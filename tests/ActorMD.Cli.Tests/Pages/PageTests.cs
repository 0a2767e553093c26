using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ActorMD.Testing;

namespace ActorMD.Cli.Tests.Pages;

/// <summary>The report and the served monitor in a real browser.</summary>
public sealed class PageTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [BrowserFact]
    public void A_report_draws_every_diagram_shows_the_numbers_of_the_summary_and_turns_the_particles()
    {
        Assert.Equal(0, _place.Run("run", "small.yaml", "--set", "output.trajectory.every=0.05", "--report", "--quiet").Code);
        JsonElement page = Browser.Look($"file://{_place["runs/small/report.html"]}");

        Assert.Equal([], page.GetProperty("complaints").EnumerateArray().Select(c => c.ToString()));
        JsonElement[] plots = [.. page.GetProperty("plots").EnumerateArray()];
        Assert.True(plots.Length >= 5);
        // White or transparent paper, axes, and at least one curve.
        Assert.All(plots, plot => Assert.True(plot.GetProperty("colours").GetInt32() >= 3, plot.GetProperty("id").ToString()));
        Assert.True(page.GetProperty("stills").GetBoolean());
        Assert.Empty(page.GetProperty("overflow").EnumerateArray());

        JsonElement summary = JsonDocument.Parse(File.ReadAllText(_place["runs/small/summary.json"])).RootElement,
            numbers = page.GetProperty("numbers");
        Assert.True(numbers.EnumerateObject().Count() >= 15);
        foreach (JsonProperty number in numbers.EnumerateObject())
        {
            JsonElement expected = number.Name.Split('.').Aggregate(summary, (at, key) => at.GetProperty(key));
            Assert.Equal(expected.GetDouble(), number.Value.GetDouble());
        }

        JsonElement scene = page.GetProperty("scene");
        Assert.True(scene.GetProperty("turns").GetBoolean());
        Assert.True(scene.GetProperty("plays").GetBoolean());
        Assert.True(scene.GetProperty("colours").GetBoolean());
    }

    // Its temperature is conserved, so that the curve has the height of a rounding error.
    [BrowserFact]
    public void A_gas_of_one_species_has_all_diagrams()
    {
        Assert.Equal(0, _place.Run("init", "one", "--species", "1", "--particles", "300").Code);
        Assert.Equal(0, _place.Run("run", "one.yaml", "--report", "--quiet").Code);
        JsonElement page = Browser.Look($"file://{_place["runs/one/report.html"]}");

        Assert.Equal([], page.GetProperty("complaints").EnumerateArray().Select(c => c.ToString()));
        Assert.All(
            page.GetProperty("plots").EnumerateArray(),
            plot => Assert.True(plot.GetProperty("colours").GetInt32() >= 3, plot.GetProperty("id").ToString()));
    }

    [BrowserFact]
    public void Every_observable_has_diagrams_or_tables_of_its_own()
    {
        string example = Path.Combine(Repository.ExamplesDirectory, "observables.yaml");
        Assert.Equal(0, _place.Run("run", example, "--out", "measured", "--until", "30", "--report", "--quiet").Code);
        JsonElement page = Browser.Look($"file://{_place["measured/report.html"]}");

        Assert.Equal([], page.GetProperty("complaints").EnumerateArray().Select(c => c.ToString()));
        Assert.Empty(page.GetProperty("overflow").EnumerateArray());
        Assert.All(
            page.GetProperty("plots").EnumerateArray(),
            plot => Assert.True(plot.GetProperty("colours").GetInt32() >= 3, plot.GetProperty("id").ToString()));
        string text = page.GetProperty("text").GetString()!;
        foreach (string title in (string[])["Radial distribution functions", "g at contact", "Static structure factors", "Viscosities",
            "Mean squared displacement", "Velocity autocorrelation", "Mutual diffusion", "Recollisions", "means over collisions",
            "Moments of the speed", "Boltzmann's H", "Profile along z: density"])
        {
            Assert.Contains(title, text, StringComparison.Ordinal);
        }

        // What the report does not know is drawn under the name of its table.
        Assert.DoesNotContain("Profiles and other measurements", text, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task The_served_monitor_shows_the_run_without_complaints()
    {
        Assert.Equal(0, _place.Run("run", "small.yaml", "--quiet").Code);
        int port = FreePort();
        using ActorMdProcess monitor = ActorMdProcess.Start(_place.Path, "monitor", "runs/small", "--serve", $"127.0.0.1:{port}");
        await WaitFor(port);
        JsonElement page = Browser.Look($"http://127.0.0.1:{port}/");

        Assert.Equal([], page.GetProperty("complaints").EnumerateArray().Select(c => c.ToString()));
        Assert.Contains("finished", page.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Empty(page.GetProperty("overflow").EnumerateArray());
        monitor.Send("INT");
        Assert.Equal(0, monitor.Wait().Code);
    }

    [Fact]
    public async Task The_served_monitor_gives_metrics_to_Prometheus()
    {
        Assert.Equal(0, _place.Run("run", "small.yaml", "--quiet").Code);
        int port = FreePort();
        using ActorMdProcess monitor = ActorMdProcess.Start(_place.Path, "monitor", "runs/small", "--serve", $"127.0.0.1:{port}");
        await WaitFor(port);
        using HttpClient client = new();
        string metrics = await client.GetStringAsync($"http://127.0.0.1:{port}/metrics");

        long collisions = JsonDocument.Parse(File.ReadAllText(_place["runs/small/summary.json"])).RootElement.GetProperty(
            "events").GetProperty("order2").GetInt64();
        Assert.Matches($@"(?m)^actormd_collisions(\{{[^}}]*\}})? {collisions}( \d+)?$", metrics);
        Assert.Matches(@"(?m)^actormd_finished(\{[^}]*\})? 1( \d+)?$", metrics);
        Assert.Equal(2, _place.Run("monitor", "runs/small", "--serve", "0.0.0.0:9464").Code);
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task WaitFor(int port)
    {
        using HttpClient client = new();
        for (int attempt = 0; attempt < 300; attempt++)
        {
            try
            {
                using HttpResponseMessage answer = await client.GetAsync($"http://127.0.0.1:{port}/");
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(100);
        }

        throw new TimeoutException("the monitor does not answer");
    }
}
