namespace ActorMD.Cli.Tests;

/// <summary>A test that needs a build with Akka.NET; skipped, visibly, where the package source did not offer it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AkkaFactAttribute : FactAttribute
{
    public AkkaFactAttribute() => Skip = new AkkaLauncher().Missing;
}

/// <summary>Like <see cref="AkkaFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AkkaTheoryAttribute : TheoryAttribute
{
    public AkkaTheoryAttribute() => Skip = new AkkaLauncher().Missing;
}
