namespace ActorMD.Cli.Tests.Pages;

/// <summary>A test that looks at a page in Chromium; skipped, visibly, where that is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Browser.Missing;
}
