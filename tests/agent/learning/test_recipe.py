import pytest
import yaml

from agent.learning.recipe import RECIPES, RecipeError, load_recipe


def write(path, change):
    data = yaml.safe_load((RECIPES / "museum.yaml").read_text(encoding="utf-8"))
    change(data)
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return path


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_recipes_are_valid(path):
    assert load_recipe(path.stem).name == path.stem
    assert load_recipe(path) == load_recipe(path.stem)


def test_unknown_recipe_is_told():
    with pytest.raises(RecipeError, match="no recipe 'museun': did you mean 'museum'"):
        load_recipe("museun")
    with pytest.raises(RecipeError, match="there are families, museum"):
        load_recipe("xyz")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["imitation"].update(batchs=3), "imitation.batchs: .*did you mean 'batch'"),
        (lambda d: d.update(zzz=3), "zzz: .*the fields here are name, method"),
        (lambda d: d["imitation"].update(samples=0), "imitation.samples: .*correct this field"),
        (lambda d: d["worlds"].update(tasks={"fly": 1}), "worlds.tasks: .*No task is called 'fly'"),
        (lambda d: d["worlds"].update(delays={9: 1}), "worlds.delays: .*delays are 0 to 3"),
        (
            lambda d: d["worlds"].update(families=["musem"]),
            "worlds.families: .*no family is called 'musem': did you mean 'museum'",
        ),
        (
            lambda d: d["worlds"].update(families=[]),
            "worlds: .*none of the families .* can stage",
        ),
        (lambda d: d.pop("imitation"), "imitation: Field required"),
        (lambda d: d["imitation"].update(expert_only=0.5), "imitation: .*must be below"),
        (lambda d: d.update(perception=None), "there must be a brain to `start` from"),
    ],
)
def test_wrong_fields_are_told(tmp_path, change, message):
    path = write(tmp_path / "a.yaml", change)
    with pytest.raises(RecipeError, match=message) as error:
        load_recipe(path)
    assert "\n" not in str(error.value)


def test_what_is_not_yaml_is_told(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("name: [", encoding="utf-8")
    with pytest.raises(RecipeError, match="is not YAML"):
        load_recipe(path)
