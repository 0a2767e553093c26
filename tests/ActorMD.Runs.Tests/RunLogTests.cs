using System.Text.Json;
using ActorMD.Runs.Output;

namespace ActorMD.Runs.Tests;

public class RunLogTests
{
    [Fact]
    public void Every_line_is_a_json_object_with_its_properties()
    {
        string path = Path.GetTempFileName();
        try
        {
            using (Serilog.Core.Logger log = RunLog.Open(path, "a \"quoted\" name", "here"))
            {
                log.Information("Sampled at {time}: {Collisions} collisions", 0.1, 12L);
                log.Error(new InvalidOperationException("broken\nin two"), "Failed");
            }

            string[] lines = File.ReadAllLines(path);
            Assert.Equal(2, lines.Length);
            JsonElement first = JsonDocument.Parse(lines[0]).RootElement;
            Assert.Equal("Sampled at {time}: {Collisions} collisions", first.GetProperty("@mt").GetString());
            Assert.Equal(0.1, first.GetProperty("time").GetDouble());
            Assert.Equal(12, first.GetProperty("Collisions").GetInt64());
            Assert.Equal("a \"quoted\" name", first.GetProperty("run").GetString());
            Assert.False(first.TryGetProperty("@l", out _));
            JsonElement second = JsonDocument.Parse(lines[1]).RootElement;
            Assert.Equal("Error", second.GetProperty("@l").GetString());
            Assert.Contains("broken\nin two", second.GetProperty("@x").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
