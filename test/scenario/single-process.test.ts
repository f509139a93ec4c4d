import { eachStory, shapeTest, singleProcess } from "./shapes.ts";

shapeTest("the stories, told to a single process", singleProcess, eachStory);
