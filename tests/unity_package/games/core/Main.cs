// Says what the package's core does without a server, line by line ("name: value"), for test_core.py.
using System;
using System.Globalization;
using Heedful;

static class Core
{
    static int Main(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Player.Boot(typeof(HeedfulNpc).Assembly, typeof(Unity.MLAgents.Academy).Assembly);
        switch (args[0])
        {
            case "words": WordsCheck.Run(args[1]); break;
            case "json": JsonCheck.Run(); break;
            case "slots": SlotsCheck.Run(); break;
            case "acts": ActsCheck.Run(); break;
            case "life": LifeCheck.Run(); break;
            case "goals": GoalsCheck.Run(); break;
            case "parts": PartsCheck.Run(); break;
            case "link": LinkCheck.Run(); break;
            case "allocation": AllocationCheck.Run(); break;
            default: return 2;
        }
        Say("errors", Player.Errors);
        return 0;
    }

    public static void Say(string name, object value) { Console.WriteLine(name + ": " + value); }
}
