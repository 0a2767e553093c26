using ActorMD.Benchmarks;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

// Two processes are measured, which BenchmarkDotNet does not do.
if (args is ["links", .. string[] rest])
{
    return LinkSpeed.Run(rest);
}

// In this process: nothing is generated or built, and the numbers are those of the engine as it was compiled.
Job job = Job.Default
    .WithToolchain(InProcessEmitToolchain.Instance)
    .WithWarmupCount(4)
    .WithIterationCount(9)
    .WithIterationTime(TimeInterval.FromMilliseconds(200));
IConfig config = DefaultConfig.Instance
    .AddJob(job)
    .WithArtifactsPath(Path.Combine("artifacts", "bench-pieces"))
    .WithOptions(ConfigOptions.DisableLogFile);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
return 0;
