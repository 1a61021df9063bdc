"""Words by which the privacy scrubber tells a name from another word. No names of people we know: only common ones."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Common first names, without those that are everyday words, months, flowers, places or drugs (May, Hope, Grace, Austin …).
FIRST = _words(
    """
    aaron abigail adam adriana agnes ahmed aisha alan albert alejandra alejandro alex alexander alexandra alexis alfred alice alicia
    alison allison amanda amelia amina amy ana andre andrea andrew angela angelica angelina anita ann anna anne annette annie anthony
    antonio april-ann arlene arthur ashley barbara beatrice becky belinda bernadette bernice bertha beth bethany betty beverly bonnie
    brandon brenda brian bridget brittany bruce bryan camila candace carl carla carlos carmen carol carole caroline carolyn carrie
    catherine cathy cecilia cheryl chloe chris christian christina christine christopher cindy claire clara claudia colleen
    connie constance consuelo courtney craig cynthia daisy-mae daniel daniela danielle darlene darryl dave david dawn-marie deanna debbie
    deborah debra delores denise dennis derek diana diane dianne dolores donald donna doris dorothy doug douglas dylan earl edith
    edna eduardo edward eileen elaine eleanor elena elijah elizabeth ella ellen eloise elsie emily emma eric erica erika erin ernest
    ernestine esperanza esther ethel eugene eva evelyn fatima felicia fernando frances francesca francis francisco frank fred gail
    gary genevieve george gerald geraldine gina gladys glenda gloria gloriana grant-lee greg gregory gretchen guadalupe gwen gwendolyn
    hannah harold harriet harry hazel-ann heather hector helen henry herbert howard ian ida imani inez irene isabel isabella isaac
    jackie jacob jacqueline jaime james jamie jan jane janet janice jasmine jason javier jean jeanette jeanne jeff jeffrey jen jenna
    jennifer jenny jeremy jerome jerry jesse jessica jill jim jimmy joan joann joanna joanne joe joel john johnny jon jonathan jorge
    jose josefina joseph josephine joshua joyce juan juana juanita judith judy julia julian julie karen karla katherine kathleen
    kathryn kathy katie kayla keisha keith kelly kelsey ken kenneth kerry kevin kim kimberly kristen kristin kyle lakisha larry
    latoya laura lauren laurie lawrence leah lena leonard leroy leslie leticia lillian linda lindsay lisa lois lola loretta lori
    lorraine louis louise lucia lucille lucy luis lupe luz lydia lynn lynne mabel madeline maggie manuel marcia marcus margaret margarita
    marguerite maria mariana marian marie marilyn mario marion marisol marjorie marlene marsha martha martin marvin mary maryann
    matthew maureen maxine megan meghan melanie melinda melissa melody-ann mercedes meredith michael michele michelle miguel mildred
    mindy minnie miriam moira monica monique muriel myra myrtle nadia nancy naomi natalia natalie natasha nathan nicholas nicole nina
    noah nora norma ofelia olga olive-ann olivia opal-ann pamela patrice patricia patrick patsy patti patty paul paula pauline peggy
    pedro peter phillip philip phyllis priscilla priya rachel rafael ralph ramon ramona raquel raul rebecca regina rhonda ricardo
    richard rita robert roberta roberto robin-lee rodney roger ronald rosa rosalie rosalind rosemarie rosemary roxanne ruben ruth ryan
    sabrina sally sam samantha samuel sandra sandy sara sarah scott sean sergio shannon sharon shauna sheila shelby shelly sherri
    sherry shirley silvia simone sofia sonia sonja sophia sophie stacey stacy stanley stella stephanie stephen steve steven stuart
    susan susana susie suzanne sybil sylvia tamara tameka tamika tammy tanya tara teresa terri terry thelma theresa thomas tiffany
    tim timothy tina tom tommy toni tonya tracey tracy travis trudy tyler tyrone valeria valerie vanessa vera verna veronica vicki
    abby ada adele adelaide agatha aida aileen aimee alana alejandro alex alina alisha allie alma althea alvin alyssa anastasia andrew anika anthony antoinette
    ariana arlene ashish audrey aurelia ava avery barb bea belle benjamin bernard bess bettina beulah bev bianca birgit bob bobbie brad brandy bree bret
    caitlin callie candice caleb cameron carissa carolina-marie casey cassandra cassie cathleen cedric celeste celia chad chandra charlene charles charmaine
    chelsea cherie christa claudette clarence clarissa cleo clifford corinne corey cora crystal-lynn curtis dalia damian damon dana-marie daphne darla darius
    dean deb deidre delia della demetria desiree devon dexter dianna diego dolly dominic dominique dora doreen dorothea dottie duane dwayne edgar eduarda edwin
    effie eileen eliana elisa elise ellie elmer elsa elva emilia emilio emmanuel enrique eric erma ernesto estelle ethan etta eugenia eunice evan everett faye
    felipe fern flora floyd freda frederick gabriel gabriela gabriella gabrielle gavin gayle gene georgina geraldo gerard gertrude gilbert gilda ginny giselle
    gladis glen glenn gordon graciela greta guillermo gustavo gwendoline hank hattie heidi henrietta herman hilary hilda holly hortensia howie hugh hugo ida
    ilene ilse ingrid ira iris-ann irma irving isaiah isabelle ivan jacquelyn jada jake jamal janelle janette janine jared jasmin jay jeannette jeannie jeffery
    jerri jess jillian jo joaquin joanie jocelyn jodi jody johanna jolene joni jordyn josie joy-ann jude julianne julie juliet julio justin justine kamala
    kara karin kari karim kate kathie kathrine katrina katy kaitlyn kendra kerri kirk kirsten krista kristi kristina kristine kristy krystal kurt lacey lamar
    lana lance latasha latonya laverne leanne lee-ann leigh leila lenora leo leon leona leonor leslie lester lila lillie lina lionel liz liza lizzie lloyd
    logan lorena lorenzo loren lorna lottie lou louella luann luciana luella luke lula lynda lynette mack malcolm mallory mamie manuela marc marcella marcia
    marco maribel maricela marissa marjory marla marlon marta martina marva maryanne mateo mattie maude maura mavis melba melisa melva merle mia micah mickey
    milagros millie milton mohammed mollie molly monika morgan morris muhammad murray myrna nadine nanette nannie nathaniel neil nell nellie nelson
    nettie nigel nikki nita noel noelle noemi noreen odessa ollie ophelia ora orlando otis pam pat-ann paulette pauletta petra philippa phoebe pierre rafaela
    ramiro randall randy raymond reba renee rhoda rick rob robbie robyn rochelle rocio rodrigo roland rolando ron ronda ronnie rosario rosella roslyn rory
    ross roy rudolph rudy russell ruthie sadie saul selena selma serena seth shane shari sharlene shawn shawna sheena sherrie sherrill sheryl sidney
    sierra silvia simon sondra stacie stan stefan stella susanne suzette sydney sylvie tabitha tamra tania tasha ted teri tess tessa thaddeus theodore therese
    tiana timmy tobias todd tori tracie tricia trina trisha trevor troy tyrell ursula valentina val vance velma verne vilma viola virgil vivien wade wallace
    walter warren-lee wendell wesley wilbert wilhelmina willa willie willard winnie winona xavier xiomara yasmin yesenia yvonne zelda zelma zena
    aarti aditi akiko amara anjali arjun asha aziz chidi chinwe deepa eun fatou hana hassan hiroshi hyun ibrahim jin-ho kavita keiko khadija lakshmi mei ming
    minh mustafa nasreen neha ngozi nkechi omar ravi rohit sanjay shanice siobhan sunita thuy vijay wei yuki yusuf zainab latoya tamia tyra
    vickie vicky victor victoria vincent vivian wanda wayne wendy whitney william wilma winifred yolanda yvette yvonne zachary zoe
    """
)

# Capitalised in ordinary writing without being anybody's name, and so never taken for one.
NOT_NAMES = _words(
    """
    afinitor aloxi aredia arimidex aromasin avastin abraxane adriamycin cytoxan coumadin decadron doxil ellence enhertu epirubicin
    eribulin evista fareston faslodex femara fulvestrant gemzar halaven herceptin ibrance ibuprofen itovebi ixempra kadcyla keytruda
    kisqali letrozole lupron lynparza megace morphine motrin nerlynx neulasta neupogen nolvadex nubeqa orserdu oxycodone palbociclib
    perjeta phesgo piqray prolia tamoxifen talzenna taxol taxotere trodelvy truqap tukysa tykerb tylenol verzenio xeloda xgeva zofran
    zoladex zometa aspirin advil aleve ativan benadryl gabapentin lyrica prednisone xanax zoloft imodium miralax senna
    komen paget hodgkin hickman foley cushing lynch broviac groshong careline mcallister susan-g y-me share lbbc acs nci nih fda
    duke unc mayo hopkins kettering anderson farber sloan moffitt medicare medicaid tricare medigap aetna cigna humana
    god jesus lord christ bible catholic christian baptist methodist jewish muslim hindu buddhist mormon lutheran
    american african asian black white hispanic latina latino mexican indian native chinese korean vietnamese japanese filipino filipina
    european irish italian german polish russian spanish english french arab puerto rican cuban british canadian caribbean ashkenazi
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday christmas thanksgiving halloween easter
    carolina north south east west virginia georgia charlotte raleigh durham asheville greensboro boone florida texas york jersey
    california ohio michigan tennessee kentucky alabama mississippi maryland
    stage grade phase type her2 her2+ brca brca1 brca2 er pr tnbc mbc ibc dcis ct mri pet ekg ecg icu er
    cancer breast bone bones brain liver lung lungs lymph triple negative positive hormone tumor tumour chemo radiation oncology surgery
    doctor dr nurse hospital clinic center centre institute university foundation society medical health care team practitioner navigator
    information info prayers navy army marines oncologist surgeon insurance pharmacy pharmacist mets mom dad wife husband
    internet google facebook youtube reddit siri alexa chatgpt
    """
)

# Words that may follow "my daughter", "Dr", "this is" and the like and are not names, whatever their capitals.
COMMON = _words(
    """
    a about across afraid after again against ago all allergic almost alone along already also alright always am an and another any
    anymore anyone anything appointment are aren't around as ask asked asking asks at away awful back bad badly be because been before
    being believe better between big bit bleeding born both bother bring brought but by call called calling came can can't cannot car
    cares caring changed chances clinic come comes coming complains confused coughing could couldn't cried crying day days diagnosed did
    didn't die died dies different do does doesn't doing don't done down drive drives driving drove due during each eat eating else
    end ended even ever every everyone everything exactly explain explained fainted family feel feeling feels fell felt few finally find
    fine first for found four from gave get gets getting give given gives go goes going gone good got great had half happening happened
    happy hard has hasn't hate have haven't having he he's hear heard help helping helps her here hers herself hi him his home hoping
    horrible hospital hour hours how however hurt hurting hurts husband i i'd i'll i'm i've if important in instead into is isn't issue
    it it's its itself just keep keeps killing knew know knows last late later left less let lets letter life like likely likes
    little live lives living long longer look looks lost lot love loves made make makes making many married maybe me mean means medicine
    meds might mine mom month months more morning most mother moved much must my myself name near necessary need needed needs never new
    next nice night no nobody none normal nor not nothing now of off office often oh ok okay old on once one only onto or ordered orders
    other our ours out over pain painful past patient phone please pray prescribed private probably put puts question questions quit
    quite ran rather read ready real really recommended recommends refused relative remember reports rest right robot sad said same saw
    say saying says scared second see seeing seems seen sees sent serious set several she she's should shouldn't sick sir sleep sleeps
    so some somebody someone something sometimes soon sore sorry started starting starts stay stays still stop stopped stuck such
    suffering suggested suggests supposed sure swears take taken takes taking talk talked talks tell telling tells terminal terrible
    terrified than thank thanks that that's the their them then there there's these they they're thing things think thinking thinks this
    those though thought three through time tired to today together told tomorrow tonight too took true try trying turned turns two
    bout decide decides guess limit limits picks pick twice daily weekly monthly laughed shrugged smiled agrees agree disagree disagrees forgot hung stays moved left stepped ugly unable under understand until up upset us use used uses using usually very visit visits wait waiting wake wakes walk want wanted
    wants was wasn't we we're weak week weeks well went were what what's when where which while who who's whose why wife will wishes
    with without won't wonder wondering work working works worried worries worry worse worst would wouldn't write wrote yeah year years
    yes yesterday yet you you're young your yours yourself
    que es está esta estaba y o de en con por para no se me le la el los las un una muy mi su tiene tenía tengo dice dijo fue era ha
    murió vive vino va quiere necesita sufre también siempre ahora hoy ayer a al del lo ya si sí como cuando porque pero más
    """
)
