using System.Diagnostics;
using System.Text.Json;
using ActorMD.Testing;

namespace ActorMD.Cli.Tests.Pages;

/// <summary>Debian's Chromium, driven by playwright-core: <c>tests/browser/look.mjs</c>.</summary>
internal static class Browser
{
    private static readonly string Scripts = Path.Combine(Repository.Root, "tests", "browser");

    /// <summary>What is missing; null: nothing.</summary>
    public static string? Missing =>
        !File.Exists(Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium")
            ? "there is no Chromium (Debian: package chromium)"
        : !Directory.Exists(Path.Combine(Scripts, "node_modules", "playwright-core"))
            ? "playwright-core is missing: 'npm ci' in tests/browser"
        : null;

    /// <summary>What a person would see of a page, as look.mjs tells it.</summary>
    public static JsonElement Look(string url)
    {
        using Process node = Process.Start(new ProcessStartInfo("node", ["look.mjs", url])
        {
            WorkingDirectory = Scripts,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = node.StandardError.ReadToEndAsync();
        string output = node.StandardOutput.ReadToEnd();
        node.WaitForExit();
        Assert.True(node.ExitCode == 0, error.Result);
        using JsonDocument document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }
}
