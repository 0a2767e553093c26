using ActorMD.Actors.Settings;
using ActorMD.Files.Inputs;

namespace ActorMD.Actors.Tests.Settings;

/// <summary>Variables of the environment, which go above the file. They are of the whole process: no other test runs meanwhile.</summary>
[Collection(nameof(EnvironmentTests))]
[CollectionDefinition(nameof(EnvironmentTests), DisableParallelization = true)]
public sealed class EnvironmentTests
{
    [Theory]
    [InlineData("ACTORMD_NODES")]
    [InlineData("ACTORMD_PORT")]
    [InlineData("ACTORMD_DATA_PORT")]
    public void A_variable_that_is_no_number_is_told(string variable)
    {
        Environment.SetEnvironmentVariable(variable, "many");
        try
        {
            string message = Assert.Throws<InputFaultException>(() => AkkaSettings.Load(new AkkaOptions())).Message;
            Assert.Contains(variable, message, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }
}
