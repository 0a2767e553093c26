using System.CommandLine;

namespace ActorMD.Cli.Commands;

/// <summary>An argument that is a path; a misspelt option in its place is called by its name.</summary>
internal static class PathArgument
{
    public static Argument<string> Create(string name, string description)
    {
        Argument<string> argument = new(name) { Description = description };
        argument.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', _, ..] option }])
            {
                result.AddError($"there is no option '{option}'");
            }
        });
        return argument;
    }
}
